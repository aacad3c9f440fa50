/**
 * The messenger's window: files are attached by the picker or by dropping them, each is scanned, and what the policy
 * lets through is sent.
 * @module
 */
import { createScanner, type ScannerStatus } from 'presieve';
import { finderPart } from 'presieve/parts/finder';
import { videoPart } from 'presieve/parts/video';
import { Tray } from './tray.js';
import { showTray, sizeInWords, thumbnail } from './tray-view.js';

/** Root metadata of the list repository, put in by `build.js`: what this app trusts from the start. */
declare const LIST_ROOT: object;

const find = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const send = find<HTMLButtonElement>('send');
const text = find<HTMLInputElement>('text');

const scanner = createScanner({
  // Through the app's own protocol, which asks the list's host. Verified, stored, and used offline.
  lists: [{ name: 'photos', repository: '/lists', root: LIST_ROOT }],
  policy: { onExactMatch: 'block', onPerceptualMatch: 'ask', onPartial: 'ask', onInconclusive: 'ask' },
  limits: { maxQueuedScans: 1000 },
  // Fetched from the app's own files when it starts: frames of videos, and pictures inside screenshots.
  parts: [videoPart, finderPart],
  createWorker: () => new Worker('/scan.worker.js', { type: 'module' }),
  createTrustWorker: () => new Worker('/trust.worker.js', { type: 'module' }),
  onStatus: showStatus,
});
scanner.ready.catch((error) => showStatus(undefined, error));

const tray = new Tray(scanner, showAttachments);

function showAttachments(): void {
  const { attachments, decided } = tray;
  showTray(tray, find('attachments'), find<HTMLTemplateElement>('attachment'));
  find('tray').hidden = attachments.length === 0;
  showNewest();
  const count = (fate: string) => attachments.filter((attachment) => attachment.fate === fate).length;
  const parts = [
    count('checking') && `checking ${count('checking')} of ${attachments.length}`,
    count('ask') && `${count('ask')} to decide`,
    count('blocked') && `${count('blocked')} will not be sent`,
    count('clear') && `${count('clear')} ready`,
  ].filter(Boolean);
  find('tray-summary').textContent = parts.join(' · ');
  send.disabled = !decided || (count('clear') === 0 && text.value.trim() === '');
}

function showStatus(status: ScannerStatus | undefined, error?: unknown): void {
  const list = status?.lists[0];
  const line = find('list-status');
  line.dataset.tone = list?.inUse ? 'ready' : 'waiting';
  if (error !== undefined) line.textContent = 'Attachments can’t be checked on this device.';
  else if (!list?.inUse) line.textContent = 'Getting the list ready…';
  else {
    const failed = list.lastUpdate?.failure !== undefined;
    line.textContent = `List “${list.name}”, version ${list.version}${failed ? ' · offline, stored copy in use' : ''}`;
  }
}

function addMessage(content: Node[]): void {
  const message = document.createElement('li');
  message.className = 'message mine';
  message.append(...content);
  find('messages').append(message);
  showNewest();
}

function showNewest(): void {
  const messages = find('messages');
  messages.scrollTop = messages.scrollHeight;
}
// A picture has its height only once it is loaded; the event doesn't bubble.
find('messages').addEventListener('load', showNewest, true);

find<HTMLFormElement>('composer').addEventListener('submit', async (event) => {
  event.preventDefault();
  if (send.disabled) return;
  const files = tray.takeClear();
  const words = text.value.trim();
  text.value = '';
  showAttachments();
  for (const file of files) {
    const caption = document.createElement('small');
    caption.textContent = `${file.name}, ${sizeInWords(file.size)}`;
    // The bytes that were scanned: the browser refuses to read a file that has changed since it was picked.
    const sent = await fetch('/outbox', {
      method: 'POST',
      body: file,
      headers: { 'x-file-name': encodeURIComponent(file.name) },
    }).catch(() => undefined);
    if (!sent?.ok) caption.textContent += ' · could not be sent';
    addMessage([thumbnail(file), caption]);
  }
  if (words !== '') {
    const paragraph = document.createElement('p');
    paragraph.textContent = words;
    addMessage([paragraph]);
  }
});

text.addEventListener('input', showAttachments);

const picker = find<HTMLInputElement>('picker');
picker.addEventListener('change', () => {
  tray.add([...(picker.files ?? [])]);
  // So that the same file can be picked again.
  picker.value = '';
});

const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
let over = 0;
addEventListener('dragenter', (event) => {
  if (hasFiles(event)) find('drop').hidden = ++over === 0;
});
addEventListener('dragleave', (event) => {
  if (hasFiles(event) && --over <= 0) endDrag();
});
addEventListener('dragover', (event) => hasFiles(event) && event.preventDefault());
addEventListener('drop', (event) => {
  event.preventDefault();
  endDrag();
  tray.add([...(event.dataTransfer?.files ?? [])]);
});

function endDrag(): void {
  over = 0;
  find('drop').hidden = true;
}
