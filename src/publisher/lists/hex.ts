/**
 * Hashes in hex digits, as the fields of structured lists hold them.
 * @module
 */
import { SIGNAL_BYTES, type Signal } from '../../snapshot/types.js';

const HEX = /^[0-9a-f]*$/i;

/** A hash, or what is wrong with it. */
export type ParsedHash = { hash: Uint8Array; problem?: undefined } | { problem: string };

/**
 * @param text - a field; spaces around it don't matter
 * @param signal - what kind of hash it should be
 * @returns its bytes in the order of the digits, or the problem, which never repeats the field
 */
export function parseHash(text: string, signal: Signal): ParsedHash {
  const digits = text.trim();
  const expected = SIGNAL_BYTES[signal] * 2;
  if (!HEX.test(digits)) return { problem: `expected ${expected} hex digits, found another character` };
  if (digits.length !== expected) {
    return { problem: `expected ${expected} hex digits, found ${digits.length}` };
  }
  return { hash: Buffer.from(digits, 'hex') };
}
