/**
 * Entries of one signal, collected without an object for each: hashes side by side in one buffer, labels in
 * another, and an open-addressing index over them that keeps out repeats.
 * @module
 */

/** Share of the index that is filled before it grows. */
const MAX_LOAD = 0.6;
const FIRST_ROWS = 1024;
const GROWTH = 1.6;

/** A set of (hash, label) pairs, in the order of arrival. */
export class EntryTable {
  /** Bytes of each hash; a multiple of 4. */
  readonly hashBytes: number;
  readonly #wordsPerHash: number;
  #words: Uint32Array;
  #labels: Uint16Array;
  /** Row + 1 of each slot, 0 for a free one; a power of two of them. */
  #slots: Uint32Array;
  #size = 0;
  /** The hash that is looked for, as bytes and as words. */
  readonly #probe: Uint32Array;
  readonly #probeBytes: Uint8Array;

  /** @param hashBytes - bytes of each hash, a multiple of 4 */
  constructor(hashBytes: number) {
    this.hashBytes = hashBytes;
    this.#wordsPerHash = hashBytes / 4;
    this.#words = new Uint32Array(FIRST_ROWS * this.#wordsPerHash);
    this.#labels = new Uint16Array(FIRST_ROWS);
    this.#slots = new Uint32Array(2048);
    this.#probe = new Uint32Array(this.#wordsPerHash);
    this.#probeBytes = new Uint8Array(this.#probe.buffer);
  }

  /** Entries. */
  get size(): number {
    return this.#size;
  }

  /** All hashes in a row, `size * hashBytes` bytes: a view, valid until the next `add`. */
  get hashes(): Uint8Array {
    return new Uint8Array(this.#words.buffer, 0, this.#size * this.hashBytes);
  }

  /** The label number of each hash: a view, valid until the next `add`. */
  get labels(): Uint16Array {
    return this.#labels.subarray(0, this.#size);
  }

  /**
   * @param hash - `hashBytes` bytes, copied
   * @param label - label number, below 65536
   * @returns false where the pair was there already
   */
  add(hash: Uint8Array, label: number): boolean {
    this.#probeBytes.set(hash);
    const slot = this.#find(label);
    if (this.#slots[slot] !== 0) return false;
    if (this.#size === this.#labels.length) this.#growRows();
    this.#words.set(this.#probe, this.#size * this.#wordsPerHash);
    this.#labels[this.#size] = label;
    this.#slots[slot] = ++this.#size;
    if (this.#size > this.#slots.length * MAX_LOAD) this.#growIndex();
    return true;
  }

  /**
   * @param hash - `hashBytes` bytes
   * @param label - label number
   * @returns true where the pair is there
   */
  has(hash: Uint8Array, label: number): boolean {
    this.#probeBytes.set(hash);
    return this.#slots[this.#find(label)] !== 0;
  }

  /** The slot of the pair in `#probe` and `label`, or the free slot where it belongs. */
  #find(label: number): number {
    const mask = this.#slots.length - 1;
    let slot = mix(this.#probe, 0, this.#wordsPerHash, label) & mask;
    for (let row: number; (row = this.#slots[slot]) !== 0; slot = (slot + 1) & mask) {
      if (this.#labels[row - 1] === label && this.#holdsProbe(row - 1)) break;
    }
    return slot;
  }

  #holdsProbe(row: number): boolean {
    const at = row * this.#wordsPerHash;
    for (let i = 0; i < this.#wordsPerHash; i++) if (this.#words[at + i] !== this.#probe[i]) return false;
    return true;
  }

  #growRows(): void {
    const rows = Math.ceil(this.#labels.length * GROWTH);
    const words = new Uint32Array(rows * this.#wordsPerHash);
    words.set(this.#words);
    this.#words = words;
    const labels = new Uint16Array(rows);
    labels.set(this.#labels);
    this.#labels = labels;
  }

  #growIndex(): void {
    const slots = new Uint32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let row = 0; row < this.#size; row++) {
      const at = row * this.#wordsPerHash;
      let slot = mix(this.#words, at, this.#wordsPerHash, this.#labels[row]) & mask;
      while (slots[slot] !== 0) slot = (slot + 1) & mask;
      slots[slot] = row + 1;
    }
    this.#slots = slots;
  }
}

/** MurmurHash3 (32 bits, Austin Appleby) over whole words: spreads hashes that are alike in most bits. */
function mix(words: Uint32Array, start: number, count: number, seed: number): number {
  let h = seed;
  for (let i = start; i < start + count; i++) {
    let k = Math.imul(words[i], 0xcc9e2d51);
    k = Math.imul((k << 15) | (k >>> 17), 0x1b873593);
    h ^= k;
    h = Math.imul((h << 13) | (h >>> 19), 5) + 0xe6546b64;
  }
  h ^= count * 4;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
