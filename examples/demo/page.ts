/**
 * The page: takes files, hands them to a scanner, shows what it says. What it works with comes in from
 * outside, so that a test can bring its own.
 * @module
 */
import type { Scanner } from 'presieve';
import { type Card, createCard } from './card.js';
import { type LoadedSample, showGallery, type Tile } from './gallery.js';
import { type RequestCounts, requestWords, summaryWords, type Tone } from './words.js';

/** What the page works with. */
export interface PageParts {
  scanner: Pick<Scanner, 'scan'>;
  samples: readonly LoadedSample[];
  /** Told when a scan is handed to the scanner. */
  onScanStart?: () => void;
}

/** The page, once it works. */
export interface Page {
  /** Scans files, in order. */
  scanFiles(files: readonly File[]): void;
  /** Shows the line of counted requests. */
  showRequests(counts: RequestCounts): void;
}

/** Scans handed over at a time; the rest waits here, since the scanner's own queue has an end. */
const MAX_HANDED_OVER = 64;

/** Announcements that stay in the page for a screen reader to go back to. */
const MAX_ANNOUNCEMENTS = 30;

interface Job {
  file: File;
  card: Card;
  abort: AbortController;
  tile: Tile | undefined;
}

/**
 * Brings the page to life.
 * @param parts - scanner and samples
 * @returns the page's handle
 * @throws TypeError where the document lacks an element of index.html
 */
export function startPage({ scanner, samples, onScanStart }: PageParts): Page {
  const results = byId('results');
  const waiting: Job[] = [];
  const finished = new Map<Job, Tone>();
  let handedOver = 0;

  const updateSummary = () => {
    const open = waiting.length + handedOver;
    const words = summaryWords([...finished.values()], open);
    byId('summary').textContent = words;
    byId('empty').hidden = words !== '';
    byId<HTMLButtonElement>('clear').disabled = finished.size === 0;
    results.setAttribute('aria-busy', String(open > 0));
  };

  const add = (files: readonly File[], tile?: Tile) => {
    const jobs = files.map((file): Job => {
      const abort = new AbortController();
      return {
        file,
        tile,
        abort,
        card: createCard(byId('card'), file, () => abort.abort()),
      };
    });
    // The newest files come first, in the order in which they were picked.
    results.prepend(...jobs.map(({ card }) => card.element));
    waiting.push(...jobs);
    tile?.mark('running', 'Scanning…');
    pump();
  };

  const pump = () => {
    for (; handedOver < MAX_HANDED_OVER && waiting.length > 0; handedOver++) {
      void run(waiting.shift() as Job).then(() => {
        handedOver--;
        pump();
      });
    }
    updateSummary();
  };

  const run = async (job: Job) => {
    const { file, card, abort, tile } = job;
    onScanStart?.();
    try {
      const outcome = await scanner.scan(file, {
        signal: abort.signal,
        onProgress: ({ fraction }) => card.progress(fraction),
      });
      const words = card.finish(outcome);
      finished.set(job, words.tone);
      tile?.mark(words.tone, words.badge);
      announce(`${file.name}: ${words.badge}. ${words.headline}.`);
    } catch (error) {
      card.fail(error instanceof Error ? error.message : String(error));
      finished.set(job, 'unsure');
      tile?.mark('unsure', 'Not scanned');
      announce(`${file.name}: not scanned.`);
    }
  };

  showGallery(byId('gallery'), samples, ({ file }, tile) => add([file], tile));
  takeFiles((files) => add(files));
  byId('clear').addEventListener('click', () => {
    for (const { card } of finished.keys()) card.element.remove();
    finished.clear();
    updateSummary();
  });
  const labels = byId<HTMLInputElement>('labels');
  const showLabels = () => results.classList.toggle('with-labels', labels.checked);
  labels.addEventListener('change', showLabels);
  showLabels();
  updateSummary();

  return {
    scanFiles: (files) => add(files),
    showRequests: (counts) => {
      byId('requests').textContent = requestWords(counts);
    },
  };
}

/** Files from the picker, and files dropped anywhere on the page. */
function takeFiles(take: (files: File[]) => void): void {
  const picker = byId<HTMLInputElement>('picker');
  const dropZone = byId('drop-zone');
  picker.addEventListener('change', () => {
    take([...(picker.files ?? [])]);
    // The same file may be picked again.
    picker.value = '';
  });
  const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false;
  document.addEventListener('dragover', (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    dropZone.classList.add('is-over');
  });
  document.addEventListener('dragleave', (event) => {
    if (event.relatedTarget === null) dropZone.classList.remove('is-over');
  });
  document.addEventListener('drop', (event) => {
    dropZone.classList.remove('is-over');
    if (!carriesFiles(event)) return;
    event.preventDefault();
    take([...(event.dataTransfer?.files ?? [])]);
  });
}

function announce(text: string): void {
  const line = document.createElement('p');
  line.textContent = text;
  const log = byId('announcements');
  log.append(line);
  while (log.childElementCount > MAX_ANNOUNCEMENTS) log.firstElementChild?.remove();
}

/** Shows instead of the page why it can't work. */
export function showTrouble(error: unknown): void {
  const trouble = byId('trouble');
  trouble.textContent = `The scanner could not start: ${error instanceof Error ? error.message : String(error)}`;
  trouble.hidden = false;
}

function byId<T extends HTMLElement>(id: string): T {
  const element = document.getElementById(id);
  if (element === null) throw new TypeError(`"#${id}" is missing from the page`);
  return element as T;
}
