/**
 * The variant kernels, once a picture's plane is there.
 * @module
 */
import { coveredSamples } from '../src/kernels/covers.js';
import { createVariantKernel } from '../src/kernels/variants.js';
import { padMap } from '../src/kernels/variants-maps.js';
import { createVariantReference } from '../src/kernels/variants-reference.js';
import { type BenchRow, takeTurns } from './turns.js';

/** Variants a turn, each of another map. */
const MAPS = Array.from({ length: 64 }, (_, i) => padMap(i / 640, i / 1280));

/** A turn by a degree or so. */
const turn = (i: number) => ({ x0: 0.01, xu: 1, xv: i / 2000, y0: -0.01, yu: -i / 2000, yv: 1 });

/** Waves, with an edge across them, and a line of black and white stripes, as letters make. */
const PLANE = Float32Array.from({ length: 128 * 128 }, (_, i) => {
  if (i >= 100 * 128 && i < 112 * 128) return i % 4 < 2 ? 255 : 0;
  return 120 + 30 * Math.sin(i / 17) + (i % 128 > 50 ? 40 : 0) + 30 * Math.cos(i / 2311);
});

/** What counts as drawn over it. */
const RULE = { near: 2, least: 140, grow: 2 };

/** What lies over it: a line of text. */
const COVERED = coveredSamples({ bottom: 0.15 }, 4, 3);

/** @returns rows: one variant of each kind; to begin a picture is to extend its plane */
export async function benchVariants({ quick }: { quick: boolean }): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const kernel of [await createVariantKernel(), createVariantReference()]) {
    kernel.begin(PLANE);
    let i = 0;
    const next = () => i++ % MAPS.length;
    const goal = (figure: string) => (kernel.name === 'wasm-simd' ? { goal: figure } : {});
    const repeat = kernel.name === 'wasm-simd' ? 640 : 64;
    rows.push(
      ...(await takeTurns(
        `one variant, ${kernel.name}`,
        {
          'other columns': { run: () => kernel.axis(MAPS[0], MAPS[next()]), repeat, ...goal('0.015 ms') },
          'other rows and columns': {
            run: () => {
              const map = MAPS[next()];
              return kernel.axis(map, map);
            },
            repeat,
            ...goal('0.040 ms'),
          },
          turned: { run: () => kernel.affine(turn(next())), repeat, ...goal('0.050 ms') },
          'without marks': { run: () => kernel.unmarked(RULE), repeat: repeat / 16 },
          'without a cover': { run: () => kernel.unmarked(null, COVERED), repeat: repeat / 16 },
          'beginning a picture': { run: () => kernel.begin(PLANE), repeat: repeat / 16 },
        },
        quick ? 10 : 50,
      )),
    );
  }
  return rows;
}
