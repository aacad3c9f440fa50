import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { VERSION } from '../../src/version.js';
import { PartLoader } from '../../src/worker/part-loader.js';

const CODE = [{ name: 'video' as const, code: 'https://app.invalid/video.part.js' }];
const bytes = (text: string) => new TextEncoder().encode(text);
const file = (text: string, digestOf = text) => ({
  name: 'data',
  blob: new Blob([text]),
  sha256: createHash('sha256').update(digestOf).digest('hex'),
});
const module = (part: object) => async () => ({
  part: { name: 'video', version: VERSION, create: () => ({}), ...part },
});

describe('the part loader', () => {
  it('imports at once, once, and creates the part from its files', async () => {
    const asked: string[] = [];
    let given: ReadonlyMap<string, Uint8Array> | undefined;
    const made = { open: () => {} };
    const loader = new PartLoader(CODE, async (url) => {
      asked.push(url);
      return module({
        create(files: ReadonlyMap<string, Uint8Array>) {
          given = files;
          return made;
        },
      })();
    });
    expect(asked).toEqual([CODE[0].code]);
    expect(loader.has('video')).toBe(true);
    const waiting = loader.get('video');
    await loader.create('video', [file('some data')]);
    expect(await waiting).toBe(made);
    expect(given?.get('data')).toEqual(bytes('some data'));
    expect(asked).toHaveLength(1);
  });

  it('imports its library once its files are there', async () => {
    const asked: string[] = [];
    let given: unknown;
    const library = 'https://app.invalid/library.mjs';
    const create = (_files: unknown, module: unknown) => {
      given = module;
      return {};
    };
    const loader = new PartLoader([{ ...CODE[0], library }], async (url) => {
      asked.push(url);
      if (url === library) return { default: 'the library' };
      return module({ create })();
    });
    await loader.create('video', []);
    expect(asked).toEqual([CODE[0].code, library]);
    expect(given).toEqual({ default: 'the library' });
  });

  it('tells of a library that can not be imported', async () => {
    const library = 'https://app.invalid/library.mjs';
    const loader = new PartLoader([{ ...CODE[0], library }], (url) =>
      url === library ? Promise.reject(new Error('404')) : module({})(),
    );
    await expect(loader.create('video', [])).rejects.toThrow(/library of the part "video" .*library\.mjs/);
    expect(await loader.get('video')).toBeNull();
  });

  it.each([
    ['that can not be imported', async () => Promise.reject(new Error('404')), [], '404'],
    ['that is something else', async () => ({ other: 1 }), [], 'something else'],
    ['of another name', module({ name: 'finder' }), [], 'something else'],
    ['of another version', module({ version: '0.0.1' }), [], 'another version: 0.0.1'],
    ['whose files are missing', module({}), null, 'missing'],
    ['with a changed file', module({}), [file('changed', 'some data')], '"data" is not the file'],
    [
      'that fails to start',
      module({
        create() {
          throw new Error('no wasm here');
        },
      }),
      [],
      'no wasm here',
    ],
  ])('a part %s is told, and nobody waits for it', async (_what, load, files, message) => {
    const loader = new PartLoader(CODE, load);
    const waiting = loader.get('video');
    await expect(loader.create('video', files)).rejects.toThrow(message);
    expect(await waiting).toBeNull();
    expect(loader.has('video')).toBe(true);
  });

  it('has no part that was not declared', async () => {
    const loader = new PartLoader([]);
    expect(loader.has('video')).toBe(false);
    expect(await loader.get('video')).toBeNull();
    await expect(loader.create('video', [])).rejects.toThrow('not declared');
  });
});
