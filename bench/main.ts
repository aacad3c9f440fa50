/**
 * All benches in order, as a table or as JSON.
 * @module
 */
import { cpus, release, type } from 'node:os';
import { benchKernel } from './kernel.js';
import { benchLookup } from './lookup.js';
import { benchScan } from './scan.js';
import type { BenchRow } from './turns.js';

/** @param args - `--quick`, `--json` */
export async function main(args: readonly string[]): Promise<void> {
  const options = { quick: args.includes('--quick') };
  const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${type()} ${release()}, Node ${process.version}`;
  const rows: BenchRow[] = [];
  let browser = '';
  rows.push(...(await benchKernel(options)));
  rows.push(...(await benchLookup(options)));
  const scan = await benchScan(options);
  browser = scan.browser;
  rows.push(...scan.rows);
  if (args.includes('--json')) {
    console.log(JSON.stringify({ machine, browser, rows }, null, 2));
    return;
  }
  console.log(`${machine}; ${browser}\n`);
  let last = '';
  for (const { bench, what, medianMs, ratio, goal } of rows) {
    if (bench !== last) console.log((last === '' ? '' : '\n') + bench);
    last = bench;
    const figures = `${medianMs.toFixed(3).padStart(10)} ms ${`${ratio.toFixed(2)}x`.padStart(9)}`;
    console.log(`  ${what.padEnd(44)}${figures}${goal ? `   (to reach: ${goal})` : ''}`);
  }
}
