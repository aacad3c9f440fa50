/**
 * Lists of random hashes that look like PDQ's: 128 of 256 bits set.
 * @module
 */
import { closeSync, openSync, writeSync } from 'node:fs';
import { seededRandom } from '../recall/random.js';

const HASH_BYTES = 32;
const CHUNK = 10_000;

/**
 * Writes a list as text, one hash a line. A longer list begins with a shorter one.
 * @param path - of the file
 * @param count - hashes, a multiple of ten thousand
 */
export function writeHashes(path: string, count: number): void {
  const random = seededRandom('scale');
  const file = openSync(path, 'w');
  try {
    for (let done = 0; done < count; done += CHUNK) {
      const lines = Array.from({ length: CHUNK }, () => `${balancedHash(random).toString('hex')}\n`);
      writeSync(file, lines.join(''));
    }
  } finally {
    closeSync(file);
  }
}

const hash = Buffer.alloc(HASH_BYTES);

function balancedHash(random: () => number): Buffer {
  let set = 0;
  for (let at = 0; at < HASH_BYTES; at += 4) {
    const word = Math.floor(random() * 2 ** 32);
    hash.writeUInt32LE(word, at);
    for (let rest = word; rest !== 0; rest &= rest - 1) set++;
  }
  while (set !== 128) {
    const bit = Math.floor(random() * 256);
    const mask = 1 << (bit & 7);
    const isSet = (hash[bit >> 3] & mask) !== 0;
    if (isSet !== set > 128) continue;
    hash[bit >> 3] ^= mask;
    set += isSet ? -1 : 1;
  }
  return hash;
}
