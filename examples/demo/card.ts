/**
 * One card in the list of results: the file, its progress, then the outcome in words.
 * @module
 */
import type { Outcome } from 'presieve';
import { showFirstFrame } from './first-frame.js';
import { type OutcomeWords, outcomeWords, sizeWords } from './words.js';

/** A card on the page. */
export interface Card {
  readonly element: HTMLElement;
  /** @param fraction - 0 to 1 */
  progress(fraction: number): void;
  /** Shows the outcome, for good. */
  finish(outcome: Outcome): OutcomeWords;
  /** Shows that the scan could not even begin, for good. */
  fail(message: string): void;
}

/** The element with this role in a card (`data-part` in the page's template). */
function part<T extends HTMLElement>(card: ParentNode, name: string): T {
  return card.querySelector(`[data-part="${name}"]`) as T;
}

/**
 * @param template - the page's template of a card
 * @param file - what is scanned
 * @param onCancel - the person wants no answer any more
 * @returns a card that waits
 */
export function createCard(template: HTMLTemplateElement, file: File, onCancel: () => void): Card {
  const fragment = document.importNode(template.content, true);
  const element = fragment.firstElementChild as HTMLElement;
  const bar = part<HTMLProgressElement>(element, 'bar');
  const state = part(element, 'state');
  const cancel = part<HTMLButtonElement>(element, 'cancel');

  element.dataset.tone = 'running';
  part(element, 'name').textContent = file.name;
  part(element, 'size').textContent = sizeWords(file.size);
  bar.setAttribute('aria-label', `Scan of ${file.name}`);
  cancel.setAttribute('aria-label', `Cancel the scan of ${file.name}`);
  cancel.addEventListener('click', onCancel);
  showThumbnail(part(element, 'thumb'), file);

  const end = (tone: string) => {
    part(element, 'running').remove();
    element.dataset.tone = tone;
    part(element, 'outcome').hidden = false;
  };
  return {
    element,
    progress(fraction) {
      bar.value = fraction;
      state.textContent = 'Scanning…';
    },
    finish(outcome) {
      const words = outcomeWords(outcome);
      end(words.tone);
      showOutcome(element, words);
      return words;
    },
    fail(message) {
      end('unsure');
      part(element, 'badge').textContent = 'Not scanned';
      part(element, 'headline').textContent = 'The scan could not begin';
      part(element, 'meaning').textContent = message;
      part(element, 'facts').remove();
    },
  };
}

function showOutcome(element: HTMLElement, words: OutcomeWords): void {
  part(element, 'badge').textContent = words.badge;
  part(element, 'headline').textContent = words.headline;
  part(element, 'meaning').textContent = words.meaning;
  part(element, 'action').textContent = words.action;
  part(element, 'coverage').textContent = words.coverage;
  fill(
    part(element, 'matches'),
    words.matches.map(({ text, label }) => [text, label === undefined ? null : tag(label, 'label')]),
  );
  fill(
    part(element, 'lists'),
    words.lists.map(({ text, demo }) => [text, demo ? tag('demo list', 'demo') : null]),
  );
}

/** One line for each row; a fact without a row is left out with its heading. */
function fill(container: HTMLElement, rows: (string | HTMLElement | null)[][]): void {
  if (rows.length === 0) container.parentElement?.remove();
  for (const row of rows) {
    const line = document.createElement('p');
    for (const piece of row) if (piece !== null) line.append(piece, ' ');
    container.append(line);
  }
}

function tag(text: string, kind: 'label' | 'demo'): HTMLElement {
  const element = document.createElement('span');
  element.className = `tag tag-${kind}`;
  element.textContent = text;
  return element;
}

/** A small picture of the file where the browser can show it; else the sign that is there already. */
function showThumbnail(frame: HTMLElement, file: File): void {
  if (file.type.startsWith('video/')) showFirstFrame(frame, file);
  if (!file.type.startsWith('image/')) return;
  const url = URL.createObjectURL(file);
  const image = document.createElement('img');
  image.alt = '';
  image.addEventListener('load', () => {
    URL.revokeObjectURL(url);
    frame.replaceChildren(image);
  });
  image.addEventListener('error', () => URL.revokeObjectURL(url));
  image.src = url;
}
