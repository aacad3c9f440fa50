/**
 * Bundled for a page: the steps in Chromium.
 * @module
 */
import { medianSteps, type Steps, takeSteps } from './steps.js';

const fetchBytes = async (path: string) => new Uint8Array(await (await fetch(path)).arrayBuffer());

/** @returns medians of the steps, and the digest of the result */
export async function run(rounds: number): Promise<{ steps: Steps; sha256: string }> {
  const base = await fetchBytes('/base');
  const delta = await fetchBytes('/delta');
  const all: Steps[] = [];
  let sha256 = '';
  for (let round = -1; round < rounds; round++) {
    const taken = await takeSteps(base, delta);
    sha256 = taken.sha256;
    if (round >= 0) all.push(taken.steps);
  }
  return { steps: medianSteps(all), sha256 };
}
