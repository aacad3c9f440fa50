/**
 * `node memory.mjs BASE DELTA`: how much memory applying takes beyond what the process held before, base and delta
 * included, in bytes at the peak. Linux only.
 * @module
 */
import { readFileSync } from 'node:fs';
import { applyDelta } from '../../src/snapshot/delta-apply.js';

/** A figure of this process, in bytes. (The peak that `resourceUsage` tells is inherited from the parent.) */
function status(field: 'VmHWM' | 'VmRSS'): number {
  const line = new RegExp(`^${field}:\\s*(\\d+) kB`, 'm').exec(readFileSync('/proc/self/status', 'utf8'));
  if (line === null) throw new Error(`no ${field} here`);
  return Number(line[1]) * 1024;
}

const [base, delta] = process.argv.slice(2).map((path) => readFileSync(path));
const before = status('VmRSS');
applyDelta(base, delta);
console.log(status('VmHWM') - before);
