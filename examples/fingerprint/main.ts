/**
 * A portal's page: files are fingerprinted on this device, and what would be sent is shown. Nothing is sent.
 * @module
 */
import { type Fingerprint, FingerprintError, fingerprint } from 'presieve/fingerprint';
import { hashPage, signalOf } from './records.js';

const byId = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const createWorker = () => new Worker('fingerprint.worker.js', { type: 'module' });
const caseNumber = crypto.randomUUID();
const done: Fingerprint[] = [];
let work = Promise.resolve();

const REFUSALS: Partial<Record<string, string>> = {
  unreadable: 'It could not be read. It may have been moved or changed.',
  'too-large': 'It is too large.',
};

async function add(file: File): Promise<void> {
  const row = document.importNode(byId<HTMLTemplateElement>('row').content, true)
    .firstElementChild as HTMLElement;
  const part = (name: string) => row.querySelector(`[data-part="${name}"]`) as HTMLElement;
  part('name').textContent = file.name;
  byId('files').append(row);
  const bar = part('bar') as HTMLProgressElement;
  try {
    const made = await fingerprint(file, { createWorker, onProgress: (fraction) => (bar.value = fraction) });
    const signal = signalOf(made);
    row.dataset.state = 'refused' in signal ? 'refused' : 'ready';
    part('words').textContent =
      'refused' in signal
        ? signal.refused
        : made.pdq === null
          ? 'Fingerprint ready (MD5 of the video: only this very file will be found).'
          : `Fingerprint ready (PDQ, quality ${made.pdq.quality}: edited copies are found, too).`;
    part('hash').textContent = 'refused' in signal ? '' : signal.hashValue;
    done.push(made);
  } catch (error) {
    row.dataset.state = 'refused';
    const code = error instanceof FingerprintError ? error.code : '';
    part('words').textContent = REFUSALS[code] ?? 'No fingerprint could be made of it.';
  }
  bar.remove();
  byId('json').textContent = JSON.stringify(hashPage(done, caseNumber, Date.now() / 1000), null, 2);
  byId('result').hidden = false;
}

function addAll(files: Iterable<File>): void {
  for (const file of files) work = work.then(() => add(file));
}

const input = byId<HTMLInputElement>('pick');
input.addEventListener('change', () => {
  addAll([...(input.files ?? [])]);
  input.value = '';
});
document.addEventListener('dragover', (event) => event.preventDefault());
document.addEventListener('drop', (event) => {
  event.preventDefault();
  addAll(event.dataTransfer?.files ?? []);
});
byId('copy').addEventListener('click', async () => {
  await navigator.clipboard.writeText(byId('json').textContent ?? '');
  byId('copied').textContent = 'Copied.';
});
