/**
 * What a client does with a delta, step by step: the same in Node and in a page.
 * @module
 */
import { applyDelta } from '../../src/snapshot/delta-apply.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { sha256Hex } from '../../src/trust/bytes.js';

/** Milliseconds of each step. */
export interface Steps {
  /** SHA-256 of base and delta: what an update checks before it applies. */
  verifyMs: number;
  /** Reading the base, merging, checksum. */
  applyMs: number;
  /** SHA-256 of the result, which is what was signed. */
  verifyResultMs: number;
  /** Reading the result, as the scan worker does before it swaps lists. */
  openMs: number;
}

/** @returns the times, and the digest of the result */
export function takeSteps(base: Uint8Array, delta: Uint8Array): { steps: Steps; sha256: string } {
  const times = [performance.now()];
  const lap = () => times.push(performance.now());
  sha256Hex(base);
  sha256Hex(delta);
  lap();
  const result = applyDelta(base, delta);
  lap();
  const sha256 = sha256Hex(result);
  lap();
  readSnapshot(result);
  lap();
  const [verifyMs, applyMs, verifyResultMs, openMs] = times.slice(1).map((time, i) => time - times[i]);
  return { steps: { verifyMs, applyMs, verifyResultMs, openMs }, sha256 };
}

/** @returns the middle value of each step */
export function medianSteps(all: readonly Steps[]): Steps {
  const middle = (key: keyof Steps) => {
    const sorted = all.map((steps) => steps[key]).sort((a, b) => a - b);
    return Math.round(sorted[sorted.length >> 1] * 10) / 10;
  };
  return {
    verifyMs: middle('verifyMs'),
    applyMs: middle('applyMs'),
    verifyResultMs: middle('verifyResultMs'),
    openMs: middle('openMs'),
  };
}
