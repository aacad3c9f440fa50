/**
 * Timing of contestants that take turns, so that whatever else the machine does falls on all of them.
 * @module
 */

/** One line of a report. */
export interface BenchRow {
  bench: string;
  what: string;
  /** Median time of one run, milliseconds. */
  medianMs: number;
  /** How many times the first contestant's median. */
  ratio: number;
  /** Figure to reach, where there is one. */
  goal?: string;
}

/** @returns the middle value */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[sorted.length >> 1];
}

/**
 * @param bench - name of the bench
 * @param contestants - what to run, the yardstick first
 * @param rounds - turns that each takes, after one to warm up
 * @returns a row for each
 */
export async function takeTurns(
  bench: string,
  contestants: Record<string, { run: () => unknown; goal?: string; repeat?: number }>,
  rounds: number,
): Promise<BenchRow[]> {
  const times = new Map<string, number[]>(Object.keys(contestants).map((name) => [name, []]));
  for (let round = -1; round < rounds; round++) {
    for (const [name, { run, repeat = 1 }] of Object.entries(contestants)) {
      const start = performance.now();
      for (let i = 0; i < repeat; i++) await run();
      if (round >= 0) times.get(name)?.push((performance.now() - start) / repeat);
    }
  }
  const [yardstick] = [...times.values()].map(median);
  return [...times].map(([what, values]) => ({
    bench,
    what,
    medianMs: median(values),
    ratio: median(values) / yardstick,
    ...(contestants[what].goal === undefined ? {} : { goal: contestants[what].goal }),
  }));
}
