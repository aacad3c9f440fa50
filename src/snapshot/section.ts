/**
 * From hashes to the sorted entries of a section (docs/snapshot-format.md, 3.1, 4 and 5).
 * @module
 */
import { ExactKeys, NearKeys } from './keyed.js';
import { checkParameters, fingerprintBits } from './parameters.js';
import { type SortedFingerprints, sortFingerprints } from './radix-sort.js';
import { type ListParameters, type SectionEntries, SIGNAL_BYTES, type Signal } from './types.js';

/** Computes the sealed sketch of the hash at `offset`; does nothing for digests. */
type Sketcher = (offset: number, sketches: Uint8Array, at: number) => void;

/**
 * Makes the entries of a section. A hash that comes twice under one label counts once.
 *
 * Memory: about 40 bytes a hash beside the arguments, as typed arrays (ten million PDQ hashes: 0.4 GB and their own
 * 0.3 GB).
 * @param parameters - of the list
 * @param signal - of the section
 * @param hashes - n x `SIGNAL_BYTES[signal]` bytes, in any order; digests as they are, PDQ hashes after 5.1 (the bytes
 *   of the usual hexadecimal form in reverse)
 * @param labelIds - n ids, as in the label table that the section will be encoded with
 * @returns the entries, whatever the order of the hashes the same
 * @throws TypeError, RangeError for parameters or lengths that don't fit, or more entries than the capacity
 */
export function sectionFromHashes(
  parameters: ListParameters,
  signal: Signal,
  hashes: Uint8Array,
  labelIds: Uint16Array,
): SectionEntries {
  const { owners, ...sorted } = sortEntries(parameters, signal, hashes, labelIds);
  return { ...sorted, labelIds: owners };
}

/** What {@link sortEntries} gives. */
export interface SortedEntries<T> extends Omit<SectionEntries, 'labelIds'> {
  readonly owners: T;
}

/**
 * Makes entries in the order of 3.1 with an owner each: a label, or a segment of a video (9.3).
 * @param parameters - of the list
 * @param signal - of the section
 * @param hashes - as of {@link sectionFromHashes}
 * @param owners - one a hash
 * @returns the entries, the same hash of the same owner once
 * @throws TypeError, RangeError as of {@link sectionFromHashes}
 */
export function sortEntries<T extends Uint16Array | Uint32Array>(
  parameters: ListParameters,
  signal: Signal,
  hashes: Uint8Array,
  owners: T,
): SortedEntries<T> {
  checkParameters(parameters);
  const stride = SIGNAL_BYTES[signal];
  if (stride === undefined) throw new RangeError(`'signal' ${String(signal)} is not known`);
  const hashCount = hashes.length / stride;
  if (!Number.isInteger(hashCount)) throw new RangeError(`'hashes' must have a multiple of ${stride} bytes`);
  if (owners.length !== hashCount) throw new RangeError(`'labelIds' must be as many as hashes: ${hashCount}`);

  const low = new Uint32Array(hashCount);
  const high = new Uint32Array(hashCount);
  const { sketchBytes, sketch } =
    signal === 'pdq'
      ? nearFingerprints(parameters, hashes, low, high)
      : {
          sketchBytes: 0,
          sketch: exactFingerprints(new ExactKeys(parameters, signal), hashes, stride, low, high),
        };
  const sorted = sortFingerprints(low, high, fingerprintBits(parameters, signal));
  const source = { hashes, stride, owners, sketchBytes, sketch };
  const count = orderEqualFingerprints(sorted, source);
  if (count > parameters.capacity) {
    throw new RangeError(
      `'hashes' hold ${count} entries, more than the list's capacity of ${parameters.capacity}`,
    );
  }

  const sketches = new Uint8Array(count * sketchBytes);
  const sortedOwners = owners.slice(0, count) as T;
  for (let i = 0; i < count; i++) {
    const place = sorted.order[i];
    sketch(place * stride, sketches, i * sketchBytes);
    sortedOwners[i] = owners[place];
  }
  return {
    signal,
    parameters,
    count,
    low: sorted.low.subarray(0, count),
    high: sorted.high.subarray(0, count),
    sketches,
    owners: sortedOwners,
  };
}

function nearFingerprints(
  parameters: ListParameters,
  hashes: Uint8Array,
  low: Uint32Array,
  high: Uint32Array,
): { sketchBytes: number; sketch: Sketcher } {
  const keys = new NearKeys(parameters);
  const blocks = new Uint32Array(keys.blockCount);
  const words = new Uint32Array(keys.sketchWords);
  const fingerprint = new Uint32Array(2);
  for (let i = 0; i < low.length; i++) {
    keys.keyOf(hashes, i * SIGNAL_BYTES.pdq, blocks);
    keys.fingerprint(blocks, fingerprint);
    low[i] = fingerprint[0];
    high[i] = fingerprint[1];
  }
  const sketchBytes = parameters.sketchBits / 8;
  const sketch: Sketcher = (offset, sketches, at) => {
    keys.keyOf(hashes, offset, blocks);
    keys.sketchOf(hashes, offset, words);
    keys.seal(blocks, words);
    for (let i = 0; i < sketchBytes; i++) sketches[at + i] = words[i >>> 2] >>> ((i & 3) * 8);
  };
  return { sketchBytes, sketch };
}

function exactFingerprints(
  keys: ExactKeys,
  digests: Uint8Array,
  stride: number,
  low: Uint32Array,
  high: Uint32Array,
): Sketcher {
  const fingerprint = new Uint32Array(2);
  for (let i = 0; i < low.length; i++) {
    keys.fingerprint(digests, i * stride, fingerprint);
    low[i] = fingerprint[0];
    high[i] = fingerprint[1];
  }
  return () => {};
}

/** What ties between fingerprints are broken by. */
interface Source {
  hashes: Uint8Array;
  stride: number;
  owners: Uint16Array | Uint32Array;
  sketchBytes: number;
  sketch: Sketcher;
}

/**
 * Puts entries of equal fingerprints in order and drops repeated ones.
 * @returns how many are left, at the beginning of the arrays
 */
function orderEqualFingerprints({ low, high, order }: SortedFingerprints, source: Source): number {
  let count = 0;
  for (let start = 0, end = 0; start < order.length; start = end) {
    do end++;
    while (end < order.length && low[end] === low[start] && high[end] === high[start]);
    if (end - start === 1) {
      low[count] = low[start];
      high[count] = high[start];
      order[count++] = order[start];
      continue;
    }
    const places = distinctEntries(order.slice(start, end), source);
    low.fill(low[start], count, count + places.length);
    high.fill(high[start], count, count + places.length);
    order.set(places, count);
    count += places.length;
  }
  return count;
}

/** The entries at some places, in order of (sealed sketch, label), the same hash under the same label once. */
function distinctEntries(places: Uint32Array, source: Source): Uint32Array {
  const { hashes, stride, owners, sketchBytes, sketch } = source;
  const sketches = new Uint8Array(places.length * sketchBytes);
  places.forEach((place, i) => {
    sketch(place * stride, sketches, i * sketchBytes);
  });
  // By the hash last, which brings repeated ones together and changes nothing that is stored.
  const compare = (a: number, b: number) =>
    compareBytes(sketches, a * sketchBytes, b * sketchBytes, sketchBytes) ||
    owners[places[a]] - owners[places[b]] ||
    compareBytes(hashes, places[a] * stride, places[b] * stride, stride);
  return Uint32Array.from(places.keys())
    .sort(compare)
    .filter((entry, i, sorted) => i === 0 || compare(sorted[i - 1], entry) !== 0)
    .map((entry) => places[entry]);
}

/**
 * Compares two strings of `length` bytes in one array.
 * @returns below, equal to or above zero
 */
export function compareBytes(bytes: Uint8Array, a: number, b: number, length: number): number {
  for (let i = 0; i < length; i++) {
    const difference = bytes[a + i] - bytes[b + i];
    if (difference !== 0) return difference;
  }
  return 0;
}
