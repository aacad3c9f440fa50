/**
 * The keyed functions of a list: fingerprints of keys and digests, and the pads that seal sketches
 * (docs/snapshot-format.md, 4 and 5).
 * @module
 */
import { halfSipHash, lastBlock } from './half-sip-hash.js';
import { bitPositions } from './layouts.js';
import { type ExactSignal, type ListParameters, SIGNAL_BYTES, SIGNALS } from './types.js';

/** Cuts fingerprints down to a width. */
export interface Width {
  readonly lowMask: number;
  readonly highMask: number;
}

/**
 * @param bits - bits of a fingerprint, 1 to 64
 * @returns masks for its low and its high word
 */
export function widthMasks(bits: number): Width {
  const ones = (count: number) => (count <= 0 ? 0 : count >= 32 ? 0xffffffff : 2 ** count - 1);
  return { lowMask: ones(bits), highMask: ones(bits - 32) };
}

/** Word `index` of the salt. */
function saltWord(salt: Uint8Array, index: number): number {
  return new DataView(salt.buffer, salt.byteOffset, salt.byteLength).getUint32(index * 4, true);
}

/** Copies the named bits of a hash, side by side. */
function gather(hash: Uint8Array, offset: number, positions: Uint8Array, words: Uint32Array): void {
  words.fill(0);
  for (let i = 0; i < positions.length; i++) {
    const j = positions[i];
    words[i >>> 5] |= ((hash[offset + (j >>> 3)] >>> (j & 7)) & 1) << (i & 31);
  }
}

/**
 * Fingerprints and pads of PDQ keys. A key is handled as the blocks of its hash message: its bits, and its length
 * in the last block, so that flipping a bit of the key is flipping a bit of the blocks.
 */
export class NearKeys {
  /** Blocks of a key. */
  readonly blockCount: number;
  /** Words of a sketch. */
  readonly sketchWords: number;
  /** Bit i of the key is bit `keyPositions[i]` of the hash. */
  readonly keyPositions: Uint8Array;
  readonly #sketchPositions: Uint8Array;
  readonly #keyBits: number;
  readonly #fingerprintKey: readonly [number, number];
  readonly #padKey: readonly [number, number];
  readonly #width: Width;
  readonly #output = new Uint32Array(2);
  readonly #padBlocks: Uint32Array;

  constructor(parameters: ListParameters) {
    const { salt, layout, keyBits, sketchBits } = parameters;
    const { key, sketch } = bitPositions(layout, keyBits, sketchBits);
    this.keyPositions = key;
    this.#sketchPositions = sketch;
    this.#keyBits = keyBits;
    this.blockCount = (keyBits >>> 5) + 1;
    this.sketchWords = Math.ceil(sketchBits / 32);
    this.#fingerprintKey = [saltWord(salt, 0), saltWord(salt, 1)];
    this.#padKey = [saltWord(salt, 2), saltWord(salt, 3)];
    this.#width = widthMasks(parameters.nearFingerprintBits);
    this.#padBlocks = new Uint32Array(((keyBits + 8) >>> 5) + 1);
  }

  /** The two words that fingerprints are keyed with. */
  get fingerprintKey(): readonly [number, number] {
    return this.#fingerprintKey;
  }

  /**
   * The key of a hash (5.3).
   * @param hash - holds 32 bytes from `offset`
   * @param offset - in bytes
   * @param blocks - takes the `blockCount` blocks
   */
  keyOf(hash: Uint8Array, offset: number, blocks: Uint32Array): void {
    gather(hash, offset, this.keyPositions, blocks);
    blocks[this.blockCount - 1] = lastBlock(blocks[this.blockCount - 1], this.#keyBits >>> 3);
  }

  /**
   * The sketch of a hash, unsealed (5.4).
   * @param hash - holds 32 bytes from `offset`
   * @param offset - in bytes
   * @param sketch - takes `sketchWords` words
   */
  sketchOf(hash: Uint8Array, offset: number, sketch: Uint32Array): void {
    gather(hash, offset, this.#sketchPositions, sketch);
  }

  /**
   * The fingerprint of a key (4.3).
   * @param blocks - of the key
   * @param fingerprint - takes the low and the high word; only the low one where it has no room for two
   */
  fingerprint(blocks: Uint32Array, fingerprint: Uint32Array): void {
    const [key0, key1] = this.#fingerprintKey;
    halfSipHash(key0, key1, blocks, this.blockCount, fingerprint);
    fingerprint[0] &= this.#width.lowMask;
    if (fingerprint.length > 1) fingerprint[1] &= this.#width.highMask;
  }

  /**
   * Seals a sketch, or opens a sealed one: both xor the key's pad (4.4).
   * @param blocks - of the key
   * @param sketch - `sketchWords` words, changed; bits beyond the sketch stay as they are
   */
  seal(blocks: Uint32Array, sketch: Uint32Array): void {
    const message = this.#padBlocks;
    const whole = this.#keyBits >>> 5;
    const restBits = this.#keyBits & 31;
    const rest = blocks[whole] & (2 ** restBits - 1);
    for (let i = 0; i < whole; i++) message[i] = blocks[i];
    const odd = this.#sketchPositions.length & 31;
    for (let i = 0; i < sketch.length; i++) {
      if ((i & 1) === 0) {
        message[message.length - 1] = 0;
        message[whole] = rest | ((i >>> 1) << restBits);
        message[message.length - 1] |= ((this.#keyBits >>> 3) + 1) << 24;
        halfSipHash(this.#padKey[0], this.#padKey[1], message, message.length, this.#output);
      }
      const pad = this.#output[i & 1];
      sketch[i] ^= i === sketch.length - 1 && odd > 0 ? pad & (2 ** odd - 1) : pad;
    }
  }
}

/** Fingerprints of digests of one signal (4.5). */
export class ExactKeys {
  readonly #key: readonly [number, number];
  readonly #width: Width;
  readonly #blocks: Uint32Array;

  constructor(parameters: ListParameters, signal: ExactSignal) {
    this.#key = [saltWord(parameters.salt, 0), saltWord(parameters.salt, 1)];
    this.#width = widthMasks(parameters.exactFingerprintBits);
    const bytes = SIGNAL_BYTES[signal];
    this.#blocks = new Uint32Array(bytes / 4 + 1);
    this.#blocks[bytes / 4] = lastBlock(SIGNALS.indexOf(signal) + 1, bytes + 1);
  }

  /**
   * @param digests - hold a digest from `offset`
   * @param offset - in bytes
   * @param fingerprint - takes the low and the high word
   */
  fingerprint(digests: Uint8Array, offset: number, fingerprint: Uint32Array): void {
    const blocks = this.#blocks;
    for (let i = 0, at = offset; i < blocks.length - 1; i++, at += 4) {
      blocks[i] = digests[at] | (digests[at + 1] << 8) | (digests[at + 2] << 16) | (digests[at + 3] << 24);
    }
    halfSipHash(this.#key[0], this.#key[1], blocks, blocks.length, fingerprint);
    fingerprint[0] &= this.#width.lowMask;
    fingerprint[1] &= this.#width.highMask;
  }
}
