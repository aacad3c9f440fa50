/**
 * Deltas as a repository makes and checks them.
 * @module
 */
import { applyDelta } from '../../snapshot/delta-apply.js';
import { DeltaError } from '../../snapshot/delta-errors.js';
import { makeDelta } from '../../snapshot/delta-make.js';

export { applyDelta };

/**
 * @param base - an older snapshot
 * @param next - the newer one
 * @param padToBytes - the delta's length is made a multiple of it
 * @returns the delta; or undefined where there is none (other salt or widths), or it would cost as much as the snapshot
 */
export function deltaIfSmaller(
  base: Uint8Array,
  next: Uint8Array,
  padToBytes: number,
): Uint8Array | undefined {
  try {
    const delta = makeDelta(base, next, { padToBytes });
    return delta.length < next.length ? delta : undefined;
  } catch (error) {
    if (error instanceof DeltaError && error.code === 'incompatible') return undefined;
    throw error;
  }
}
