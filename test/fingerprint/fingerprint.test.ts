import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { describe, expect, it, vi } from 'vitest';
import { fingerprintFile } from '../../src/fingerprint/fingerprint-file.js';
import { type Fingerprint, FingerprintError, fingerprint } from '../../src/fingerprint/index.js';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { CheckFailure, type DecodedImage } from '../../src/scan/types.js';
import type { VideoPart } from '../../src/scan/video.js';
import { cli, jsonLines, workFolder } from '../publisher/cli-harness.js';
import { picturesOfEachFormat } from '../support/cut-pictures.js';

const at = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const GALLERY = 'examples/demo/gallery';
const gallery = (name: string) => new Blob([readFileSync(at(`${GALLERY}/${name}`))]);
const folder = workFolder();

async function make(
  file: Blob,
  video: VideoPart | null = null,
  onProgress = (_: number) => {},
): Promise<Fingerprint> {
  return fingerprintFile(file, {
    kernel: await createPdqKernel(),
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    video,
    limits: DEFAULT_LIMITS,
    onProgress,
  });
}

/** `seconds` seconds of pictures of noise, another one each second. */
function noise(seed: number): DecodedImage {
  const side = 128;
  let state = seed + 1;
  const rgba = new Uint8Array(side * side * 4).map(() => (state = (state * 1103515245 + 12345) >>> 0) >>> 24);
  return {
    width: side,
    height: side,
    mayHaveAlpha: false,
    readRows: (y, count) => rgba.subarray(y * side * 4, (y + count) * side * 4),
    close: vi.fn(),
  };
}
function fakeVideo(seconds: number, closed = vi.fn()): VideoPart {
  return {
    open: async () => ({
      durationSeconds: seconds,
      codec: 'vp9',
      width: 128,
      height: 128,
      async *frames(timestamps) {
        for await (const timestamp of timestamps) {
          yield { requested: timestamp, timestamp, image: noise(timestamp) };
        }
      },
      close: closed,
    }),
  };
}
/** The start of an MP4 file, as far as the sniffer looks. */
const MP4 = new Blob([readFileSync(at(`${GALLERY}/holiday.jpg`))]);

describe('a picture', () => {
  it('has the digests and the PDQ hash that the command line prints', async () => {
    for (const name of ['boats.jpg', 'acanthus-faded.png', 'hills-grey.webp']) {
      const [expected] = jsonLines<Record<string, unknown>>(
        await cli(['hash', '--json', at(`${GALLERY}/${name}`)]),
      );
      const { md5, sha1, sha256, pdq } = await make(gallery(name));
      expect({ md5, sha1, sha256, pdq: pdq?.hash, quality: pdq?.quality }).toEqual({
        md5: expected.md5,
        sha1: expected.sha1,
        sha256: expected.sha256,
        pdq: expected.pdq,
        quality: expected.quality,
      });
    }
  });

  it('is hashed as it is, in its type and length, with remarks', async () => {
    expect(await make(gallery('boats.jpg'))).toMatchObject({ type: 'jpeg', vpdq: null, notes: [] });
    expect((await make(gallery('acanthus-faded.png'))).notes).toEqual(['on-white']);
    const sky = await make(gallery('sky.png'));
    expect(sky.notes).toEqual(['low-detail']);
    expect(sky.pdq?.quality).toBeLessThan(50);
  });

  it('that is cut off says so, and so does `presieve hash`', async () => {
    const whole = (await picturesOfEachFormat()).png;
    const cut = whole.slice(0, -12);
    expect((await make(new Blob([whole]))).notes).toEqual([]);
    expect(await make(new Blob([cut]))).toMatchObject({
      notes: ['cut-off'],
      pdq: (await make(new Blob([whole]))).pdq,
    });
    const said = async (bytes: Uint8Array) => (await cli(['hash', folder.write('a.png', bytes)])).stderr;
    expect(await said(whole)).not.toContain('ends too early');
    expect(await said(cut)).toContain('a.png: the file ends too early');
  });

  it('that is damaged has its digests, and says why there is no more', async () => {
    expect(await make(gallery('broken.jpg'))).toMatchObject({
      pdq: null,
      missing: 'undecodable',
      bytes: 1200,
    });
    expect(await make(new Blob(['text']))).toMatchObject({
      md5: '1cb251ec0d568de6a929b520c4aed8d1',
      pdq: null,
      missing: 'not-a-picture',
    });
  });

  it('reports progress that rises to 1', async () => {
    const seen: number[] = [];
    await make(gallery('boats.jpg'), null, (fraction) => seen.push(fraction));
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  it('that can’t be read has no fingerprint at all', async () => {
    const gone = new Blob(['x'.repeat(100)]);
    vi.spyOn(gone, 'slice').mockImplementation(() => {
      throw new DOMException('gone', 'NotFoundError');
    });
    await expect(make(gone)).rejects.toMatchObject({ reason: 'unreadable' });
  });
});

describe('a video', () => {
  it('has a frame of each second, and is closed', async () => {
    const closed = vi.fn();
    const { vpdq, pdq, missing } = await make(MP4, fakeVideo(3.5, closed));
    expect(pdq).toBeNull();
    expect(missing).toBeUndefined();
    expect(vpdq?.map(({ timestamp }) => timestamp)).toEqual([0, 1, 2, 3]);
    expect(new Set(vpdq?.map(({ hash }) => hash)).size).toBe(4);
    for (const { hash } of vpdq ?? []) expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(closed).toHaveBeenCalledOnce();
  });

  it('has a frame for each second also where one is shown for longer', async () => {
    const still = fakeVideo(4);
    const shown: VideoPart = {
      open: async (file) => {
        const source = await still.open(file);
        return (
          source && {
            ...source,
            async *frames() {
              for (const requested of [0, 1, 2, 3]) {
                yield { requested, timestamp: 0, image: requested === 0 ? noise(1) : null };
              }
            },
          }
        );
      },
    };
    const { vpdq } = await make(MP4, shown);
    expect(vpdq?.map(({ timestamp }) => timestamp)).toEqual([0, 1, 2, 3]);
    expect(new Set(vpdq?.map(({ hash }) => hash)).size).toBe(1);
  });

  it('says where frames are missing, and where its end is', async () => {
    const notesOf = async (answered: number[], cutOff = false) => {
      const whole = fakeVideo(4);
      const part: VideoPart = {
        open: async (file) => {
          const source = await whole.open(file);
          return (
            source && {
              ...source,
              cutOff,
              async *frames() {
                for (const requested of answered)
                  yield { requested, timestamp: requested, image: noise(requested) };
              },
            }
          );
        },
      };
      return (await make(MP4, part)).notes;
    };
    expect(await notesOf([0, 1, 2, 3])).toEqual([]);
    expect(await notesOf([0, 1, 2])).toEqual(['cut-off']);
    expect(await notesOf([0, 3])).toEqual(['frames-missing']);
    expect(await notesOf([0, 1, 2, 3], true)).toEqual(['cut-off']);
  });

  it('without a picture has digests alone', async () => {
    expect(await make(MP4, { open: async () => null })).toMatchObject({
      vpdq: null,
      missing: 'not-a-picture',
    });
  });

  it('has digests alone without the part, or where it can’t be decoded', async () => {
    expect(await make(MP4)).toMatchObject({ vpdq: null, missing: 'part-missing' });
    const broken: VideoPart = { open: () => Promise.reject(new CheckFailure('unsupported', 'hevc')) };
    expect(await make(MP4, broken)).toMatchObject({ vpdq: null, missing: 'unsupported' });
    const empty = fakeVideo(2);
    const none: VideoPart = {
      open: async (file) => {
        const source = await empty.open(file);
        return source && { ...source, async *frames() {} };
      },
    };
    expect(await make(MP4, none)).toMatchObject({ vpdq: null, missing: 'undecodable' });
  });
});

describe('wrong use', () => {
  it.each<[string, unknown, object]>([
    ['"file"', 'a path', {}],
    ['"timeoutMs"', new Blob(), { timeoutMs: -1 }],
    ['"maxPixels"', new Blob(), { maxPixels: '9' }],
    ['"onProgress"', new Blob(), { onProgress: 1 }],
    ['"video.name"', new Blob(), { video: { name: 'sound' } }],
  ])('of %s is an error that names it', async (start, file, options) => {
    const error = await fingerprint(file as Blob, options).catch((thrown) => thrown);
    expect(error).toBeInstanceOf(FingerprintError);
    expect(error.code).toBe('invalid-argument');
    expect(error.message.startsWith(start)).toBe(true);
  });

  it('says what stopped it before any worker is made', async () => {
    const createWorker = vi.fn();
    await expect(
      fingerprint(new Blob(['x']), { signal: AbortSignal.abort(), createWorker }),
    ).rejects.toMatchObject({
      code: 'aborted',
    });
    await expect(fingerprint(new Blob(['xx']), { maxFileBytes: 1, createWorker })).rejects.toMatchObject({
      code: 'too-large',
    });
    expect(createWorker).not.toHaveBeenCalled();
    const noWorker = () => {
      throw new Error('none here');
    };
    await expect(fingerprint(new Blob(['x']), { createWorker: noWorker })).rejects.toMatchObject({
      code: 'worker-unavailable',
    });
  });
});

describe('the scanner never exposes it', () => {
  const inputsOf = async (...entries: string[]) => {
    const { metafile } = await esbuild.build({
      entryPoints: entries.map(at),
      bundle: true,
      write: false,
      outdir: folder.path('out'),
      format: 'esm',
      platform: 'browser',
      metafile: true,
      // Whatever is imported counts, used or not.
      treeShaking: false,
      ignoreAnnotations: true,
      logLevel: 'silent',
    });
    return Object.keys(metafile.inputs);
  };

  it('neither from its entry nor from its workers', async () => {
    const inputs = await inputsOf(
      'src/index.ts',
      'src/demo/index.ts',
      'src/worker/scan.worker.ts',
      'src/trust/trust.worker.ts',
      'src/parts/video.ts',
    );
    expect(inputs).toContain('src/scan/pipeline.ts');
    expect(inputs.filter((path) => path.includes('fingerprint/'))).toEqual([]);
    // The same look at the entry itself does see it.
    expect(await inputsOf('src/fingerprint/index.ts')).toContain('src/fingerprint/protocol.ts');
  });
});
