/**
 * Leaks planted into the worker's source, one of each kind: the harness must catch every one, or it proves
 * nothing.
 * @module
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const PIPELINE = 'src/scan/pipeline.ts';
const HASH_IMAGE = 'src/scan/hash-image.ts';

/** A change to one source file. */
export interface Plant {
  file: string;
  /** Code put at the top of the file: it runs before the worker seals its globals. */
  top?: string;
  /** A piece of the file, which must be there exactly once, and what follows it in the planted build. */
  after: string;
  code: string;
}

const AFTER_HASHES =
  '  lookUpPictures(comparable, context.lists, SEARCH_PLANS[context.search], context.variants, found);';
const AFTER_DIGESTS = '  if (digests !== null) lookUpDigests(digests, context.lists, found);';
const HEX = 'const leakHex = (b: Uint8Array) => [...b].map((x) => x.toString(16).padStart(2, "0")).join("");';

const withDigest = (code: string, top = ''): Plant => ({
  file: PIPELINE,
  top: `${HEX}\n${top}`,
  after: AFTER_DIGESTS,
  code: `for (const secret of digests?.values() ?? []) { const hex = leakHex(secret); ${code} }`,
});
const withHash = (code: string, top = ''): Plant => ({
  file: PIPELINE,
  top: `${HEX}\n${top}`,
  after: AFTER_HASHES,
  code: `for (const { hash } of comparable) { const hex = leakHex(hash.bits); ${code} }`,
});

/** Every kind of leak. */
export const PLANTS: Record<string, Plant> = {
  'a digest on the port': withDigest(
    '(globalThis as any).postMessage({ type: "RAW", id: "1", value: hex });',
  ),
  'a digest as a label': withDigest(
    'found.add({ name: "list", labels: [hex] } as any, "exact", [0]); (context as any).labels = true;',
  ),
  'a digest as a list name': withDigest('found.add({ name: hex, labels: [""] } as any, "exact", [0]);'),
  'a hash on the port': withHash('(globalThis as any).postMessage(hash.bits);'),
  'a hash on a channel of its own': withHash('new MessageChannel().port1.postMessage(hex);'),
  'a distance in the progress': {
    file: PIPELINE,
    after: AFTER_HASHES,
    code: 'if (found.size > 0) run.onProgress(0.9371);',
  },
  'a distance in the outcome': {
    file: 'src/scan/decide.ts',
    after: '  const coverage = coverageOf(findings);',
    code: '(coverage as any).distance = 12;',
  },
  'coefficients on the port': withHash('(globalThis as any).postMessage(hash.coefficients);'),
  'a coefficient as an age': {
    file: 'src/scan/decide.ts',
    after: '  const coverage = coverageOf(findings);',
    code: 'for (const list of lists) list.ageSeconds = 0.731;',
  },
  'a variant on the port': {
    file: 'src/scan/forms.ts',
    after: '  const wholeIsComparable = isComparable(picture.hash);',
    code: '(globalThis as any).postMessage(picture.plane.slice(0, 8));',
  },
  'pixels on the port': {
    file: HASH_IMAGE,
    after: '    outer.strip(pixels, y, count);',
    code: '(globalThis as any).postMessage(pixels.slice(0, 64));',
  },
  'a broadcast': withHash(
    'new LeakChannel("x").postMessage("hello");',
    'const LeakChannel = globalThis.BroadcastChannel;',
  ),
  'a fetch': withHash(
    'void leakFetch("/leak").catch(() => {});',
    'const leakFetch = globalThis.fetch.bind(globalThis);',
  ),
  'an XMLHttpRequest': withHash(
    'const request = new LeakRequest(); request.open("GET", "/leak"); request.send();',
    'const LeakRequest = globalThis.XMLHttpRequest;',
  ),
  'a WebSocket': withHash(
    'new LeakSocket("ws://" + location.host + "/leak");',
    'const LeakSocket = globalThis.WebSocket;',
  ),
  IndexedDB: withHash('leakIdb.open(hex);', 'const leakIdb = globalThis.indexedDB;'),
  'the cache storage': withHash(
    'void leakCaches.open(hex).catch(() => {});',
    'const leakCaches = globalThis.caches;',
  ),
  'the private file system': withHash(
    'void leakStorage.getDirectory().catch(() => {});',
    'const leakStorage = globalThis.navigator.storage;',
  ),
  'a lock name': withHash('void navigator.locks.request(hex, () => {});'),
  'an object URL': withHash('URL.createObjectURL(new Blob([hex]));'),
  'the console': withHash('console.log(hex);'),
  'a thrown message': withHash('throw new Error(hex);'),
};

/**
 * Bundles the scan worker from its sources with the prelude in front, and a leak planted.
 * @param plant - the leak, or null for the worker as it is
 * @returns the worker's code
 * @throws Error where a plant finds no place: the source has changed, and so must the plant
 */
export async function buildHarnessedWorker(plant: Plant | null): Promise<string> {
  const planted: esbuild.Plugin = {
    name: 'plant',
    setup(build) {
      if (plant === null) return;
      build.onLoad({ filter: new RegExp(`${plant.file.replace(/[/.]/g, '[/\\\\.]')}$`) }, ({ path }) => {
        const source = readFileSync(path, 'utf8');
        if (source.split(plant.after).length !== 2)
          throw new Error(`no single place for the plant in ${plant.file}`);
        return {
          contents: `${plant.top ?? ''}\n${source.replace(plant.after, () => `${plant.after}\n${plant.code}`)}`,
          loader: 'ts',
        };
      });
    },
  };
  const result = await esbuild.build({
    entryPoints: [`${root}/src/worker/scan.worker.ts`],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    write: false,
    logLevel: 'silent',
    banner: { js: readFileSync(new URL('./prelude.js', import.meta.url), 'utf8') },
    plugins: [planted],
  });
  return result.outputFiles[0].text;
}
