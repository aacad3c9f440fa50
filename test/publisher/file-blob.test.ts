import { mkdirSync, truncateSync } from 'node:fs';
import { open } from 'node:fs/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openFile } from '../../src/publisher/file-blob.js';
import { workFolder } from './cli-harness.js';

const folder = workFolder();
const GIBIBYTE = 1024 ** 3;

describe('openFile', () => {
  it("slices and reads like the platform's own Blob", async () => {
    const content = Uint8Array.from({ length: 1000 }, (_, i) => (i * 31) & 255);
    const { blob, close } = await openFile(folder.write('blob', content));
    const expected = new Blob([content]);
    const place = fc.option(fc.integer({ min: -1200, max: 1200 }), { nil: undefined });
    await fc.assert(
      fc.asyncProperty(fc.tuple(place, place), fc.tuple(place, place), async (first, second) => {
        const seen = blob.slice(...first).slice(...second);
        const wanted = expected.slice(...first).slice(...second);
        expect(seen.size).toBe(wanted.size);
        expect(new Uint8Array(await seen.arrayBuffer())).toEqual(new Uint8Array(await wanted.arrayBuffer()));
      }),
    );
    expect(await blob.slice(0, 5).text()).toBe(await expected.slice(0, 5).text());
    const streamed: number[] = [];
    for await (const chunk of blob.stream() as unknown as AsyncIterable<Uint8Array>) streamed.push(...chunk);
    expect(streamed).toEqual([...content]);
    await close();
  });

  it('reads beyond 4 GiB', async () => {
    const path = folder.path('sparse');
    const handle = await open(path, 'w');
    await handle.write('the end', 5 * GIBIBYTE);
    await handle.close();
    const { blob, close } = await openFile(path);
    expect(blob.size).toBe(5 * GIBIBYTE + 7);
    expect(await blob.slice(5 * GIBIBYTE).text()).toBe('the end');
    expect(await blob.slice(-3).text()).toBe('end');
    await close();
  });

  it('rejects when the file became shorter, or was closed', async () => {
    const path = folder.write('shrinks', 'x'.repeat(100));
    const { blob, close } = await openFile(path);
    truncateSync(path, 50);
    await expect(blob.arrayBuffer()).rejects.toThrow('the file ended early');
    await close();
    await expect(blob.slice(0, 10).arrayBuffer()).rejects.toThrow();
  });

  it.each([
    ['a missing file', () => folder.path('missing'), /missing: no such file$/],
    [
      'a folder',
      () => {
        mkdirSync(folder.path('folder'));
        return folder.path('folder');
      },
      /folder: is a directory$/,
    ],
    ['a device', () => '/dev/null', /null: not a regular file$/],
  ])('refuses %s', async (_, path, message) => {
    await expect(openFile(path())).rejects.toMatchObject({
      name: 'PublisherError',
      code: 'input-unreadable',
      message: expect.stringMatching(message),
    });
  });
});
