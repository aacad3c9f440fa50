/**
 * Near look-up at a million entries: one search, a whole picture's look-up, and opening the list.
 * @module
 */
import { openNearSetWasm } from '../src/kernels/near-wasm.js';
import { createPdqKernel } from '../src/kernels/pdq.js';
import { createVariantKernel } from '../src/kernels/variants.js';
import { DEFAULT_LIMITS } from '../src/limits.js';
import { createNodeDecoder } from '../src/publisher/node-decoder.js';
import { hashImage } from '../src/scan/hash-image.js';
import { openList } from '../src/scan/lists.js';
import { lookUpPictures, MatchSet } from '../src/scan/lookup.js';
import { SEARCH_PLANS } from '../src/scan/search-plan.js';
import { openNearSet } from '../src/snapshot/near-set.js';
import { readSnapshot } from '../src/snapshot/read.js';
import { makeList } from '../test/support/lists.js';
import { stdlibPhoto } from '../test/support/photos.js';
import { type BenchRow, takeTurns } from './turns.js';

const PROBES = 2 ** 18;
const JPEG = { kind: 'image', type: 'jpeg', decodable: true, animated: false } as const;

/** @returns rows */
export async function benchLookup({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const entries = quick ? 100_000 : 1_000_000;
  const bytes = makeList({ pdqDecoys: entries });
  const snapshot = readSnapshot(bytes);
  const wasm = await openNearSetWasm(snapshot);
  if (wasm === null) throw new Error('no WebAssembly here');
  const typescript = openNearSet(snapshot);
  const list = await openList(bytes);
  const kernel = await createPdqKernel();
  const variants = await createVariantKernel();
  const photo = await createNodeDecoder(DEFAULT_LIMITS).decode(
    new Blob([stdlibPhoto('nagasaki-boats')]),
    JPEG,
  );
  const hashed = hashImage(photo, kernel);
  if (hashed === null) throw new Error('cancelled');
  const { pictures } = hashed;
  const query = pictures[0].hash;
  const budget = { from: 0, to: PROBES };
  const size = `${entries.toLocaleString('en')} entries`;
  return [
    ...(await takeTurns(
      `one near search of 2^18 probes, ${size}`,
      {
        'WebAssembly SIMD': { run: () => wasm.search(query, budget) },
        TypeScript: { run: () => typescript.search(query, budget) },
      },
      quick ? 3 : 9,
    )),
    ...(await takeTurns(
      `whole look-up of one picture, ${size}`,
      {
        normal: {
          run: () => lookUpPictures(pictures, [list], SEARCH_PLANS.normal, variants, new MatchSet(false)),
          goal: '25 ms',
        },
        fast: {
          run: () => lookUpPictures(pictures, [list], SEARCH_PLANS.fast, variants, new MatchSet(false)),
        },
        thorough: {
          run: () => lookUpPictures(pictures, [list], SEARCH_PLANS.thorough, variants, new MatchSet(false)),
        },
      },
      quick ? 5 : 15,
    )),
    ...(await takeTurns(
      `opening a list, ${size}`,
      {
        'read and check': { run: () => readSnapshot(bytes) },
        'read, check, open (WebAssembly)': { run: () => openList(bytes), goal: '1000 ms' },
      },
      quick ? 3 : 7,
    )),
  ];
}
