/**
 * CRC-32C, eight bytes at a time (docs/snapshot-format.md, 1.4). It finds damage, not forgery.
 *
 * Frank L. Berry and Michael E. Kounavis, "A systematic approach to building high performance, software-based, CRC
 * generators", 2005 ("slicing by 8").
 * @module
 */

const POLYNOMIAL = 0x82f63b78;

/** Table t, byte b: the checksum register after byte b and t zero bytes. */
let tables: Uint32Array | undefined;

function makeTables(): Uint32Array {
  const made = new Uint32Array(8 * 256);
  for (let byte = 0; byte < 256; byte++) {
    let register = byte;
    for (let bit = 0; bit < 8; bit++) register = (register >>> 1) ^ (register & 1 ? POLYNOMIAL : 0);
    made[byte] = register;
  }
  for (let i = 256; i < made.length; i++) made[i] = (made[i - 256] >>> 8) ^ made[made[i - 256] & 0xff];
  return made;
}

/**
 * @param bytes - any bytes
 * @returns their CRC-32C
 */
export function crc32c(bytes: Uint8Array): number {
  tables ??= makeTables();
  const t = tables;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const whole = bytes.length - (bytes.length % 8);
  let register = -1;
  for (let i = 0; i < whole; i += 8) {
    const a = view.getInt32(i, true) ^ register;
    const b = view.getInt32(i + 4, true);
    register =
      t[0x700 | (a & 0xff)] ^
      t[0x600 | ((a >>> 8) & 0xff)] ^
      t[0x500 | ((a >>> 16) & 0xff)] ^
      t[0x400 | (a >>> 24)] ^
      t[0x300 | (b & 0xff)] ^
      t[0x200 | ((b >>> 8) & 0xff)] ^
      t[0x100 | ((b >>> 16) & 0xff)] ^
      t[b >>> 24];
  }
  for (let i = whole; i < bytes.length; i++) register = (register >>> 8) ^ t[(register ^ bytes[i]) & 0xff];
  return ~register >>> 0;
}
