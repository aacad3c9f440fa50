/**
 * Near look-up at a million entries: one search, a whole picture's look-up, and opening the list.
 * @module
 */
import { openNearSetWasm } from '../src/kernels/near-wasm.js';
import { createPdqKernel } from '../src/kernels/pdq.js';
import { openList } from '../src/scan/lists.js';
import { lookUpHashes, MatchSet } from '../src/scan/lookup.js';
import { openNearSet } from '../src/snapshot/near-set.js';
import { readSnapshot } from '../src/snapshot/read.js';
import { makeList, seededBytes } from '../test/support/lists.js';
import { type BenchRow, takeTurns } from './turns.js';

const PROBES = 2 ** 18;

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
  kernel.begin(512, 512);
  kernel.rows(seededBytes(512 * 512 * 4, 3), 512);
  const query = kernel.end();
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
      { 'all forms': { run: () => lookUpHashes([query], [list], new MatchSet(false)), goal: '25 ms' } },
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
