import { beforeAll, describe, expect, it } from 'vitest';
import { openNearSetWasm } from '../../src/kernels/near-wasm.js';
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { openExactSet } from '../../src/snapshot/exact-set.js';
import { openNearSet } from '../../src/snapshot/near-set.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import type { Snapshot } from '../../src/snapshot/types.js';
import { queryOf } from '../snapshot/queries.js';
import { headerOf, parametersOf, randomBytes } from '../snapshot/support.js';

const COUNT = 1_000_000;

describe('a list of a million PDQ hashes and a million MD5 digests', () => {
  const pdq = randomBytes(COUNT * 32, 71);
  const md5 = randomBytes(COUNT * 16, 72);
  let snapshot: Snapshot;

  beforeAll(() => {
    const parameters = parametersOf({ capacity: COUNT });
    const none = new Uint16Array(COUNT);
    const start = performance.now();
    const file = encodeSnapshot(
      headerOf(parameters),
      [''],
      [sectionFromHashes(parameters, 'pdq', pdq, none), sectionFromHashes(parameters, 'md5', md5, none)],
    );
    const built = performance.now();
    snapshot = readSnapshot(file);
    console.log(
      `built in ${(built - start).toFixed(0)} ms, read in ${(performance.now() - built).toFixed(0)} ms, ${file.length} bytes`,
    );
    expect(built - start).toBeLessThan(60_000);
    expect(performance.now() - built).toBeLessThan(1000);
  });

  it('takes at most 86 bits a PDQ entry and 43 a digest', () => {
    const bits = (['pdq', 'md5'] as const).map((signal) => {
      const section = snapshot.sections.get(signal)!;
      return (section.byteLength * 8) / section.count;
    });
    console.log(`bits an entry: pdq ${bits[0].toFixed(2)}, md5 ${bits[1].toFixed(2)}`);
    expect(bits[0]).toBeLessThan(86);
    expect(bits[1]).toBeLessThan(43);
  });

  it('has every digest', () => {
    const set = openExactSet(snapshot, 'md5');
    let missing = 0;
    for (let i = 0; i < COUNT; i++) {
      if (set.lookup(md5.subarray(i * 16, i * 16 + 16)).length === 0) missing++;
    }
    expect(missing).toBe(0);
  });

  it('has every PDQ hash, by both engines', async () => {
    const wasm = (await openNearSetWasm(snapshot))!;
    const reference = openNearSet(snapshot);
    let missing = 0;
    const query = queryOf(new Uint8Array(32), 1);
    for (let i = 0; i < COUNT; i++) {
      const bits = pdq.subarray(i * 32, i * 32 + 32);
      if (wasm.search({ ...query, bits }, { from: 0, to: 1 }).labels.length === 0) missing++;
      if (i % 10 === 0 && reference.search({ ...query, bits }, { from: 0, to: 1 }).labels.length === 0)
        missing++;
    }
    expect(missing).toBe(0);
  });

  it('shows the same candidates to both engines in 2^18 probes', async () => {
    const seen: string[][] = [[], []];
    const collect = (into: string[]) => ({
      accept: (candidate: object) => {
        into.push(JSON.stringify(candidate));
        return false;
      },
    });
    const sets = [
      (await openNearSetWasm(snapshot, collect(seen[0])))!,
      openNearSet(snapshot, collect(seen[1])),
    ];
    const times: number[][] = [[], []];
    for (let i = 0; i < 20; i++) {
      const query = queryOf(randomBytes(32, 1000 + i), i + 1);
      sets.forEach((set, engine) => {
        const start = performance.now();
        set.search(query, { from: 0, to: 2 ** 18 });
        times[engine].push(performance.now() - start);
      });
    }
    const best = times.map((all) => ((Math.min(...all) * 1e6) / 2 ** 18).toFixed(1));
    console.log(`ns a probe: WebAssembly ${best[0]}, TypeScript ${best[1]}; ${seen[0].length} candidates`);
    expect(seen[0]).toEqual(seen[1]);
    // 20 x 2^18 x 10^6 / 2^34 = 305, standard deviation 17.
    expect(seen[0].length).toBeGreaterThan(235);
    expect(seen[0].length).toBeLessThan(375);
  });
});
