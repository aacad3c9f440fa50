/**
 * Shows a {@link Tray}. Pictures are shown small, except those that a list knows: of these there is only an icon.
 * @module
 */
import type { Attachment, Tray } from './tray.js';

const rows = new WeakMap<Attachment, HTMLElement>();

/** @returns a size in words, in decimal units */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} bytes`;
  const [divisor, unit] = bytes < 1e6 ? [1e3, 'kB'] : [1e6, 'MB'];
  return `${(bytes / divisor).toFixed(bytes / divisor < 10 ? 1 : 0)} ${unit}`;
}

/** @returns a small picture of a file; it takes itself away where the browser can't show it */
export function thumbnail(file: File): HTMLImageElement {
  const image = new Image();
  image.alt = '';
  const url = URL.createObjectURL(file);
  const done = () => URL.revokeObjectURL(url);
  image.onload = done;
  image.onerror = () => {
    done();
    image.remove();
  };
  image.src = url;
  return image;
}

/**
 * @param tray - what to show
 * @param list - where
 * @param template - of one attachment
 */
export function showTray(tray: Tray, list: HTMLElement, template: HTMLTemplateElement): void {
  for (const row of [...list.children])
    if (!tray.attachments.some((attachment) => rows.get(attachment) === row)) row.remove();
  for (const attachment of tray.attachments) {
    let row = rows.get(attachment);
    if (row === undefined) {
      row = makeRow(tray, attachment, template);
      rows.set(attachment, row);
      list.append(row);
    }
    fillRow(row, attachment);
  }
}

function makeRow(tray: Tray, attachment: Attachment, template: HTMLTemplateElement): HTMLElement {
  const row = (template.content.cloneNode(true) as DocumentFragment).firstElementChild as HTMLElement;
  part(row, 'name').textContent = attachment.file.name;
  part(row, 'size').textContent = sizeInWords(attachment.file.size);
  part(row, 'remove').setAttribute('aria-label', `Remove ${attachment.file.name}`);
  part(row, 'remove').onclick = () => tray.remove(attachment.id);
  part(row, 'send-anyway').setAttribute('aria-label', `Send ${attachment.file.name} anyway`);
  part(row, 'send-anyway').onclick = () => tray.sendAnyway(attachment.id);
  return row;
}

function fillRow(row: HTMLElement, { fate, fraction, words, file }: Attachment): void {
  const before = row.dataset.fate;
  row.dataset.fate = fate;
  (part(row, 'progress') as HTMLProgressElement).value = fraction;
  part(row, 'progress').hidden = fate !== 'checking';
  part(row, 'state').textContent = words?.state ?? (fraction > 0 ? 'Checking…' : 'Waiting to be checked');
  part(row, 'meaning').textContent = words?.meaning ?? '';
  part(row, 'meaning').hidden = !words?.meaning;
  part(row, 'send-anyway').hidden = fate !== 'ask';
  // Only once it is clear: nobody should have to look at a listed picture.
  if (fate === 'clear' && before !== 'clear') part(row, 'thumb').append(thumbnail(file));
}

function part(row: HTMLElement, name: string): HTMLElement {
  return row.querySelector(`[data-part="${name}"]`) as HTMLElement;
}
