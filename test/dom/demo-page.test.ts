/** The demo page with a scanner of the test's own. */
import { readFileSync } from 'node:fs';
import { URL as FileURL, fileURLToPath } from 'node:url';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LoadedSample } from '../../examples/demo/gallery.js';
import { type Page, showTrouble, startPage } from '../../examples/demo/page.js';
import { SAMPLES } from '../../examples/demo/samples.js';
import type { ScanInput, ScanOptions } from '../../src/options.js';
import type { Outcome } from '../../src/outcome.js';

const HTML = readFileSync(
  // Not happy-dom's URL, which node:fs does not know.
  fileURLToPath(new FileURL('../../examples/demo/index.html', import.meta.url)),
  'utf8',
);

const LISTS: Outcome['lists'] = [{ name: 'Demo list', version: 1, ageSeconds: 90, demo: true }];
const NONE: Outcome = {
  verdict: 'no-known-match',
  action: 'allow',
  matches: [],
  coverage: { complete: 'all', notes: [] },
  lists: LISTS,
};
const MATCH: Outcome = {
  ...NONE,
  verdict: 'match',
  action: 'ask',
  matches: [{ list: 'Demo list', signal: 'perceptual', label: 'demo-photo' }],
};
const ABORTED: Outcome = {
  ...NONE,
  verdict: 'inconclusive',
  action: 'ask',
  reason: 'aborted',
  coverage: { complete: 'partial', notes: ['not-checked'] },
};

/** A scan that ends when the test says so. */
interface OpenScan {
  file: ScanInput;
  options: ScanOptions;
  end(outcome: Outcome): Promise<void>;
  fail(error: unknown): Promise<void>;
}

let scans: OpenScan[];
let page: Page;

const settled = () => new Promise<void>((resolve) => setTimeout(resolve, 0));

const scanner = {
  scan(file: ScanInput, options: ScanOptions = {}): Promise<Outcome> {
    return new Promise((resolve, reject) => {
      const scan: OpenScan = {
        file,
        options,
        end: (outcome) => {
          resolve(outcome);
          return settled();
        },
        fail: (error) => {
          reject(error);
          return settled();
        },
      };
      options.signal?.addEventListener('abort', () => resolve(ABORTED));
      scans.push(scan);
    });
  },
};

const samples: LoadedSample[] = SAMPLES.map((sample) => ({
  sample,
  file: new File(['x'], sample.file, { type: sample.type }),
}));

const file = (name: string) => new File(['some bytes'], name, { type: 'text/plain' });
const $ = <T extends HTMLElement = HTMLElement>(selector: string) => document.querySelector<T>(selector) as T;
const cards = () => [...document.querySelectorAll<HTMLElement>('.card')];
const textOf = (element: Element, part: string) =>
  element.querySelector(`[data-part="${part}"]`)?.textContent?.trim();

beforeEach(() => {
  // Replaced as a whole, so that no listener of the test before is left.
  document.documentElement.innerHTML = /<html[^>]*>([\s\S]*)<\/html>/.exec(
    HTML.replace(/<script[^>]*><\/script>|<link[^>]*>/g, ''),
  )?.[1] as string;
  scans = [];
  page = startPage({ scanner, samples });
});

describe('one scan', () => {
  it('goes from waiting through progress to the outcome in words', async () => {
    page.scanFiles([file('a.txt')]);
    const [card] = cards();
    expect(textOf(card, 'name')).toBe('a.txt');
    expect(textOf(card, 'size')).toBe('10 bytes');
    expect(textOf(card, 'state')).toBe('Waiting…');
    expect(card.querySelector<HTMLElement>('[data-part="outcome"]')?.hidden).toBe(true);

    scans[0].options.onProgress?.({ fraction: 0.25 });
    expect(card.querySelector('progress')?.value).toBe(0.25);
    expect(textOf(card, 'state')).toBe('Scanning…');

    await scans[0].end(MATCH);
    expect(card.dataset.tone).toBe('match');
    expect(card.querySelector('progress')).toBeNull();
    expect(card.querySelector<HTMLElement>('[data-part="outcome"]')?.hidden).toBe(false);
    expect(textOf(card, 'headline')).toBe('This looks like a listed picture');
    expect(textOf(card, 'meaning')).toContain('not a proof');
    expect(textOf(card, 'action')).toContain('Ask');
    expect(textOf(card, 'coverage')).toContain('Every check');
    expect(textOf(card, 'lists')).toBe('Demo list, version 1, built 1 minute ago demo list');
    expect(textOf(card, 'matches')).toContain('looks alike');
  });

  it('leaves out the heading "Found" where nothing was found', async () => {
    page.scanFiles([file('a.txt')]);
    await scans[0].end(NONE);
    const headings = [...cards()[0].querySelectorAll('dt')].map((each) => each.textContent);
    expect(headings).toEqual(['Action', 'Coverage', 'List']);
  });

  it('is cancelled by its button, and only it', async () => {
    page.scanFiles([file('a.txt'), file('b.txt')]);
    $('[aria-label="Cancel the scan of a.txt"]').click();
    await settled();
    expect(scans.map(({ options }) => options.signal?.aborted)).toEqual([true, false]);
    expect(textOf(cards()[0], 'meaning')).toBe('You cancelled this scan.');
    expect(cards()[1].dataset.tone).toBe('running');
  });

  it('that could not begin says why', async () => {
    page.scanFiles([file('a.txt')]);
    await scans[0].fail(new Error('the worker is gone'));
    expect(textOf(cards()[0], 'badge')).toBe('Not scanned');
    expect(textOf(cards()[0], 'meaning')).toBe('the worker is gone');
    expect($('#summary').textContent).toContain('1 without an answer');
  });

  it('is announced to screen readers, and what a file is called is never markup', async () => {
    page.scanFiles([file('<img src=x>.txt')]);
    await scans[0].end(NONE);
    expect($('#announcements').textContent).toBe('<img src=x>.txt: No known match. Not on the list.');
    expect($('#announcements').getAttribute('aria-live')).toBe('polite');
    expect(document.querySelector('.card .file img')).toBeNull();
  });
});

describe('many files', () => {
  it('are shown in their order, newer batches first, and summed up', async () => {
    page.scanFiles([file('a'), file('b')]);
    page.scanFiles([file('c')]);
    expect(cards().map((card) => textOf(card, 'name'))).toEqual(['c', 'a', 'b']);
    expect($('#summary').textContent).toBe('3 to go');
    expect($('#results').getAttribute('aria-busy')).toBe('true');
    await scans[0].end(MATCH);
    await scans[1].end(NONE);
    expect($('#summary').textContent).toBe('2 scanned: 1 match, 1 without a known match · 1 to go');
    await scans[2].end(NONE);
    expect($('#results').getAttribute('aria-busy')).toBe('false');
  });

  it('never fill the scanner’s queue: the rest waits in the page', async () => {
    page.scanFiles(Array.from({ length: 300 }, (_, i) => file(`${i}`)));
    expect(cards().length).toBe(300);
    expect(scans.length).toBe(64);
    await scans[0].end(NONE);
    expect(scans.length).toBe(65);
    while (scans.length < 300) await Promise.all(scans.map((scan) => scan.end(NONE)));
    await Promise.all(scans.map((scan) => scan.end(NONE)));
    expect($('#summary').textContent).toBe('300 scanned: 300 without a known match');
  });

  it('are cleared when finished; the others stay', async () => {
    const clear = $<HTMLButtonElement>('#clear');
    expect(clear.disabled).toBe(true);
    page.scanFiles([file('a'), file('b')]);
    await scans[0].end(NONE);
    clear.click();
    expect(cards().map((card) => textOf(card, 'name'))).toEqual(['b']);
    expect(clear.disabled).toBe(true);
    await scans[1].end(NONE);
    clear.click();
    expect($('#empty').hidden).toBe(false);
  });
});

describe('ways in', () => {
  it('takes the files of the picker, and the same ones again', async () => {
    const picker = $<HTMLInputElement>('#picker');
    expect(picker.multiple).toBe(true);
    const transfer = new DataTransfer();
    transfer.items.add(file('picked.txt'));
    picker.files = transfer.files;
    picker.dispatchEvent(new Event('change'));
    expect(cards().map((card) => textOf(card, 'name'))).toEqual(['picked.txt']);
    expect(picker.value).toBe('');
  });

  it('takes dropped files and leaves dropped text alone', () => {
    const drop = (types: string[], files: File[]) => {
      const event = Object.assign(new Event('drop', { cancelable: true, bubbles: true }), {
        dataTransfer: { types, files },
      });
      document.body.dispatchEvent(event);
      return event.defaultPrevented;
    };
    expect(drop(['Files'], [file('dropped.txt'), file('too.txt')])).toBe(true);
    expect(drop(['text/plain'], [])).toBe(false);
    expect(cards().map((card) => textOf(card, 'name'))).toEqual(['dropped.txt', 'too.txt']);
  });

  it('offers each sample as a button that says how its scan went', async () => {
    const tiles = [...document.querySelectorAll<HTMLButtonElement>('.tile')];
    expect(tiles.length).toBe(SAMPLES.length);
    const tile = tiles.find((each) => each.textContent?.includes('Boats, small')) as HTMLButtonElement;
    tile.click();
    expect(tile.dataset.tone).toBe('running');
    expect((scans[0].file as File).name).toBe('boats-small.jpg');
    await scans[0].end(MATCH);
    expect(tile.dataset.tone).toBe('match');
    expect(tile.querySelector('.tile-mark')?.textContent).toBe('Looks alike');
  });
});

describe('the rest of the page', () => {
  it('shows labels only when asked', async () => {
    page.scanFiles([file('a')]);
    await scans[0].end(MATCH);
    const labels = $<HTMLInputElement>('#labels');
    expect($('#results').classList.contains('with-labels')).toBe(false);
    labels.checked = true;
    labels.dispatchEvent(new Event('change'));
    expect($('#results').classList.contains('with-labels')).toBe(true);
    expect($('.tag-label').textContent).toBe('demo-photo');
  });

  it('shows the counted requests', () => {
    page.showRequests({ page: 0, worker: 1, workerReloads: 0 });
    expect($('#requests').textContent).toBe('Network requests made by these scans: 1 (page 0, worker 1)');
  });

  it('tells the host of a started scan once for each', () => {
    const onScanStart = vi.fn();
    document.querySelector('#gallery')?.replaceChildren();
    startPage({ scanner, samples, onScanStart }).scanFiles([file('a'), file('b')]);
    expect(onScanStart).toHaveBeenCalledTimes(2);
  });

  it('says why it could not start', () => {
    showTrouble(new Error('no worker'));
    expect($('#trouble').hidden).toBe(false);
    expect($('#trouble').textContent).toContain('no worker');
  });

  it('allows nothing from elsewhere in its policy', () => {
    const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(HTML)?.[1] as string;
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/https?:|\*|data:|'unsafe-(inline|eval)'/);
    expect(HTML).not.toMatch(/\sstyle=|\son[a-z]+=/);
  });
});
