/**
 * Parameters of a list: defaults and the rules that they keep (docs/snapshot-format.md, 2.3).
 * @module
 */
import { isLayout } from './layouts.js';
import type { ExactSignal, ListParameters, Signal } from './types.js';

/** Bytes of a list's salt. */
export const SALT_BYTES = 16;
/** Bounds of a list's capacity (2.3). */
export const MIN_CAPACITY = 1024;
export const MAX_CAPACITY = 2 ** 30;

/** The layout that finds most (docs/near-match.md). */
export const DEFAULT_LAYOUT = 5;

const MIN_GUARD_BITS = 10;
const MAX_GUARD_BITS = 16;
const EXACT_GUARD_BITS = 40;

/** What a publisher chooses at a list's first build. */
export interface ParameterChoice {
  /** Entries that any one section may grow to, 1024 to 2^30. */
  capacity: number;
  /** 16 random bytes; copied. */
  salt: Uint8Array;
  /** Default {@link DEFAULT_LAYOUT}. */
  layout?: number;
  /** Bits of a PDQ key; default 64. */
  keyBits?: number;
  /** Bits of a PDQ sketch; default 96. */
  sketchBits?: number;
  /** Bits of a near fingerprint beyond ceil(log2 capacity), 10 to 16; default 14. */
  nearGuardBits?: number;
}

/**
 * The parameters that follow from a publisher's choice.
 * @param choice - what is chosen; the rest is by default
 * @returns parameters that keep the rules
 * @throws TypeError for a salt that is no Uint8Array
 * @throws RangeError for a value that the format doesn't allow
 */
export function defaultParameters(choice: ParameterChoice): ListParameters {
  const {
    capacity,
    salt,
    layout = DEFAULT_LAYOUT,
    keyBits = 64,
    sketchBits = 96,
    nearGuardBits = 14,
  } = choice;
  const capacityBits = ceilLog2(capacity);
  const parameters: ListParameters = {
    salt: salt instanceof Uint8Array ? Uint8Array.from(salt) : salt,
    capacity,
    layout,
    keyBits,
    sketchBits,
    nearFingerprintBits: capacityBits + nearGuardBits,
    exactFingerprintBits: Math.min(64, capacityBits + EXACT_GUARD_BITS),
  };
  checkParameters(parameters);
  return parameters;
}

/**
 * @param parameters - of unknown origin
 * @throws TypeError for a salt that is no Uint8Array
 * @throws RangeError for a value that the format doesn't allow
 */
export function checkParameters(parameters: ListParameters): void {
  if (!(parameters.salt instanceof Uint8Array)) throw new TypeError("'salt' must be a Uint8Array");
  const problem = parameterProblem(parameters);
  if (problem !== null) throw new RangeError(problem);
  if (!isLayout(parameters.layout)) throw new RangeError(`'layout' ${parameters.layout} is not known`);
}

/**
 * The first rule of 2.3 that the parameters break, the known layouts aside.
 * @param parameters - to be checked
 * @returns a sentence, or null where all rules are kept
 */
export function parameterProblem(parameters: ListParameters): string | null {
  const { salt, capacity, keyBits, sketchBits, nearFingerprintBits, exactFingerprintBits } = parameters;
  if (salt.length !== SALT_BYTES) return `'salt' must have ${SALT_BYTES} bytes`;
  if (!isWithin(capacity, MIN_CAPACITY, MAX_CAPACITY)) {
    return `'capacity' must be a whole number from ${MIN_CAPACITY} to ${MAX_CAPACITY}`;
  }
  if (!isWithin(keyBits, 32, 96) || keyBits % 8 !== 0) return "'keyBits' must be a multiple of 8, 32 to 96";
  if (!isWithin(sketchBits, 32, 128) || sketchBits % 16 !== 0) {
    return "'sketchBits' must be a multiple of 16, 32 to 128";
  }
  const capacityBits = ceilLog2(capacity);
  if (!isWithin(nearFingerprintBits, capacityBits + MIN_GUARD_BITS, capacityBits + MAX_GUARD_BITS)) {
    return `'nearFingerprintBits' must be ${capacityBits} (for the capacity) and ${MIN_GUARD_BITS} to ${MAX_GUARD_BITS} more`;
  }
  const exactBits = Math.min(64, capacityBits + EXACT_GUARD_BITS);
  if (exactFingerprintBits !== exactBits)
    return `'exactFingerprintBits' must be ${exactBits} for this capacity`;
  return null;
}

/**
 * @param a - parameters of a list
 * @param b - parameters of a list
 * @returns whether they are the same in every value
 */
export function sameParameters(a: ListParameters, b: ListParameters): boolean {
  return (
    a.capacity === b.capacity &&
    a.layout === b.layout &&
    a.keyBits === b.keyBits &&
    a.sketchBits === b.sketchBits &&
    a.nearFingerprintBits === b.nearFingerprintBits &&
    a.exactFingerprintBits === b.exactFingerprintBits &&
    a.salt.length === b.salt.length &&
    a.salt.every((byte, i) => byte === b.salt[i])
  );
}

/**
 * @param parameters - of a list
 * @param signal - of a section
 * @returns bits of that section's fingerprints (u)
 */
export function fingerprintBits(parameters: ListParameters, signal: Signal | ExactSignal): number {
  return signal === 'pdq' ? parameters.nearFingerprintBits : parameters.exactFingerprintBits;
}

/**
 * @param value - a whole number, 1 to 2^32
 * @returns ceil(log2 value), exactly
 */
export function ceilLog2(value: number): number {
  return value <= 1 ? 0 : 32 - Math.clz32(value - 1);
}

function isWithin(value: number, least: number, most: number): boolean {
  return Number.isInteger(value) && value >= least && value <= most;
}
