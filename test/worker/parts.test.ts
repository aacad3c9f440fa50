import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createScanner, type Part, type ScannerOptions, type ScannerStatus } from '../../src/index.js';
import { type FakeBehaviour, FakeWorker } from '../support/fake-worker.js';
import { PATIENCE } from '../support/patience.js';

const LIST = new Uint8Array([1]);
const SHA256 = 'ab'.repeat(32);
const PART: Part = {
  name: 'video',
  code: 'https://app.invalid/video.part.js',
  files: [{ name: 'data', url: 'https://app.invalid/data.bin', bytes: 4, sha256: SHA256 }],
};

function scannerOver(behaviour: FakeBehaviour, options: ScannerOptions = {}) {
  return createScanner({
    lists: [LIST],
    parts: [PART],
    createWorker: () => new FakeWorker(behaviour).asWorker(),
    ...options,
  });
}

const partsOf = async (scanner: { status(): Promise<ScannerStatus> }) => (await scanner.status()).parts;

beforeEach(() => {
  FakeWorker.made = [];
});
afterEach(() => {
  for (const worker of FakeWorker.made) worker.terminate();
  vi.restoreAllMocks();
});

describe('declared parts', () => {
  it('get their files from the page, once, and again from there in the next worker', async () => {
    const fetching = vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('data'));
    const given: string[] = [];
    const states: string[] = [];
    const scanner = scannerOver(
      {
        createPart: async (name, files) => {
          for (const file of files ?? []) given.push(`${name} ${file.name} ${await file.blob.text()}`);
          return { ok: true, value: 'part-ready' };
        },
      },
      { onStatus: ({ parts }) => states.push(parts[0].state) },
    );
    expect(await partsOf(scanner)).toEqual([{ name: 'video', state: 'loading' }]);
    await scanner.ready;
    await vi.waitFor(
      async () => expect(await partsOf(scanner)).toEqual([{ name: 'video', state: 'ready' }]),
      PATIENCE,
    );
    FakeWorker.made[0].crash();
    await scanner.scan(new Blob(['a']));
    await vi.waitFor(() => expect(given).toEqual(['video data data', 'video data data']), PATIENCE);
    expect(fetching).toHaveBeenCalledTimes(1);
    await vi.waitFor(() => expect(states.at(-1)).toBe('ready'), PATIENCE);
    expect(states).toContain('loading');
    scanner.close();
  });

  it.each<[string, () => Promise<Response>, RegExp]>([
    ['is not there', async () => new Response('', { status: 404 }), /"data" could not be fetched.*404/],
    [
      'is the start page of the app',
      async () => new Response('<!doctype html>', { headers: { 'content-type': 'text/html' } }),
      /"data" is an HTML page of 15 bytes, not 4: is it deployed at/,
    ],
    ['can not be reached', () => Promise.reject(new Error('offline')), /offline/],
  ])('whose file %s fail, and the scanner goes on', async (_what, answer, message) => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(answer);
    const given: unknown[] = [];
    const scanner = scannerOver({
      createPart: async (_name, files) => {
        given.push(files);
        return { ok: false, code: 'internal', message: 'no files' };
      },
    });
    await scanner.ready;
    await vi.waitFor(
      async () =>
        expect(await partsOf(scanner)).toEqual([
          { name: 'video', state: 'failed', error: expect.stringMatching(message) },
        ]),
      PATIENCE,
    );
    expect(given).toEqual([null]);
    expect(await scanner.scan(new Blob(['a']))).toMatchObject({ verdict: 'no-known-match' });
    scanner.close();
  });

  it('fail with the words of the worker, and hold neither `ready` nor a scan up while they load', async () => {
    vi.spyOn(globalThis, 'fetch').mockImplementation(async () => new Response('data'));
    let answer: ((reply: { ok: false; code: 'internal'; message: string }) => void) | undefined;
    const scanner = scannerOver({
      createPart: () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    });
    await scanner.ready;
    expect(await scanner.scan(new Blob(['a']))).toMatchObject({ verdict: 'no-known-match' });
    expect(await partsOf(scanner)).toEqual([{ name: 'video', state: 'loading' }]);
    await vi.waitFor(() => expect(answer).toBeDefined(), PATIENCE);
    answer?.({ ok: false, code: 'internal', message: 'of another version' });
    await vi.waitFor(
      async () =>
        expect(await partsOf(scanner)).toEqual([
          { name: 'video', state: 'failed', error: 'of another version' },
        ]),
      PATIENCE,
    );
    scanner.close();
  });

  it('are told to the worker with absolute addresses, a bare name with that of the package', async () => {
    const addresses: string[] = [];
    class Listening extends FakeWorker {
      override postMessage(message: unknown, transfer?: Transferable[]): void {
        const text = JSON.stringify(message);
        addresses.push(...(text.match(/"code":"[^"]*"/g) ?? []));
        super.postMessage(message, transfer);
      }
    }
    const scanner = scannerOver({}, { parts: ['video'], createWorker: () => new Listening().asWorker() });
    await scanner.ready;
    expect(addresses).toEqual([expect.stringMatching(/^"code":"file:.*\/parts\/video\.part\.js"$/)]);
    scanner.close();
  });

  it('are checked', () => {
    const refuses = (parts: unknown, message: RegExp) =>
      expect(() => createScanner({ parts } as ScannerOptions)).toThrow(message);
    refuses(['heic'], /^"parts\[0\]": 'heic' needs a library/);
    refuses(['signals'], /^"parts\[0\]": the code of 'signals' is yours/);
    refuses([{ ...PART, library: 'x' }], /^"parts\[0\]\.library" must be an object/);
    refuses([{ ...PART, library: {} }], /^"parts\[0\]\.library\.url" must be a URL/);
    refuses([{ ...PART, library: { url: 'https://a.b/', bytes: 1 } }], /^"parts\[0\]\.library\.sha256"/);
    refuses('video', /^"parts" must be an array/);
    refuses(['vidoe'], /^"parts\[0\]" must be 'video'/);
    refuses([{ name: 'x' }], /^"parts\[0\]\.name" must be 'video'/);
    refuses([{ name: 'video' }], /^"parts\[0\]\.code" must be a URL/);
    refuses([{ name: 'video', code: 'no scheme' }], /^"parts\[0\]\.code" is not a URL/);
    refuses([PART, 'video'], /^"parts\[1\]" is 'video' again/);
    refuses([{ ...PART, files: [{}] }], /^"parts\[0\]\.files\[0\]\.name"/);
    refuses([{ ...PART, files: [{ ...PART.files?.[0], bytes: -1 }] }], /^"parts\[0\]\.files\[0\]\.bytes"/);
    refuses([{ ...PART, files: [{ ...PART.files?.[0], sha256: 'x' }] }], /^"parts\[0\]\.files\[0\]\.sha256"/);
  });
});
