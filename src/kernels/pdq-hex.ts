/**
 * PDQ's text form: 64 hex digits, bit 255 first.
 * @module
 */

const BYTES = 32;

/**
 * @param bits - 32 bytes; bit j of the hash is bit (j & 7) of byte (j >> 3)
 * @returns 64 lower-case hex digits
 * @throws RangeError for another length
 */
export function hashToHex(bits: Uint8Array): string {
  if (bits.length !== BYTES) throw new RangeError(`'bits' must be ${BYTES} bytes, not ${bits.length}`);
  let hex = '';
  for (const byte of bits) hex = byte.toString(16).padStart(2, '0') + hex;
  return hex;
}

/**
 * @param hex - 64 hex digits of either case
 * @returns 32 bytes, as {@link hashToHex} takes them
 * @throws TypeError for anything but a string, RangeError for anything but 64 hex digits
 */
export function hexToHash(hex: string): Uint8Array<ArrayBuffer> {
  if (typeof hex !== 'string') throw new TypeError("'hex' must be a string");
  if (!/^[0-9a-f]{64}$/i.test(hex)) throw new RangeError("'hex' must be 64 hex digits");
  const bits = new Uint8Array(BYTES);
  for (let i = 0; i < BYTES; i++) bits[BYTES - 1 - i] = Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16);
  return bits;
}
