/**
 * What a client does with a delta, step by step: the same in Node and in a page.
 * @module
 */
import { openList } from '../../src/scan/lists.js';
import { applyDelta } from '../../src/snapshot/delta-apply.js';
import { digestHex } from '../../src/trust/bytes.js';
import { checkReadable } from '../../src/trust/snapshot-facts.js';

/** Milliseconds of each step, in their order. */
export interface Steps {
  /** SHA-256 of base, delta and result, and of the result once more when it's read from the store. */
  verifyMs: number;
  /** Reading the base, merging, checksum. */
  applyMs: number;
  /** That the scan worker will be able to open it, before it replaces the list in the store. */
  checkMs: number;
  /** What the scan worker does before it swaps lists. */
  openMs: number;
}

/** Names of the steps, in their order. */
const STEPS = ['verifyMs', 'applyMs', 'checkMs', 'openMs'] as const satisfies readonly (keyof Steps)[];

/** @returns the times, and the digest of the result */
export async function takeSteps(
  base: Uint8Array,
  delta: Uint8Array,
): Promise<{ steps: Steps; sha256: string }> {
  const steps: Steps = { verifyMs: 0, applyMs: 0, checkMs: 0, openMs: 0 };
  const timed = async <T>(step: keyof Steps, work: () => T): Promise<Awaited<T>> => {
    const started = performance.now();
    const result = await work();
    steps[step] += performance.now() - started;
    return result;
  };
  await timed('verifyMs', () => digestHex('sha256', base));
  await timed('verifyMs', () => digestHex('sha256', delta));
  const result = await timed('applyMs', () => applyDelta(base, delta));
  const sha256 = await timed('verifyMs', () => digestHex('sha256', result));
  await timed('checkMs', () => checkReadable(result, 'result'));
  await timed('verifyMs', () => digestHex('sha256', result));
  await timed('openMs', () => openList(result));
  return { steps, sha256 };
}

/** @returns the middle value of each step */
export function medianSteps(all: readonly Steps[]): Steps {
  const middle = (key: keyof Steps) => {
    const sorted = all.map((steps) => steps[key]).sort((a, b) => a - b);
    return Math.round(sorted[sorted.length >> 1] * 10) / 10;
  };
  return Object.fromEntries(STEPS.map((key) => [key, middle(key)])) as unknown as Steps;
}

/** @returns milliseconds of all steps */
export function sumSteps(steps: Steps): number {
  return STEPS.reduce((sum, key) => sum + steps[key], 0);
}
