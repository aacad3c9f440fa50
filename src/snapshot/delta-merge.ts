/**
 * Merges what a delta adds to a section into what the base has of it (docs/delta-format.md, 3 and 4.2), as streams: codes
 * are read and written one at a time, sketches are copied in runs.
 * @module
 */
import { DeltaError, malformed } from './delta-errors.js';
import { removalWidths } from './delta-format.js';
import type { DeltaSection } from './delta-read.js';
import { MAX_CODE_BYTES, partBytes } from './format.js';
import { packBits, unpackBits } from './packed-bits.js';
import { ceilLog2, fingerprintBits } from './parameters.js';
import { codeBitsBounds, RiceReader, RiceWriter, riceParameter } from './rice.js';
import { compareBytes } from './section.js';
import type { ListParameters, SectionView, Signal } from './types.js';

/** Whose an entry is: a label's, or of frames a video's segment. Before the change, and after it. */
export interface ChangedOwners {
  /** Owners that there may be after the change. */
  readonly count: number;
  /** For each owner of the base its new number, -1 where it's gone. Ascending but for that. */
  readonly newIds: Int32Array;
}

/** A section of a delta with its parts found, all lengths fitting the counts. */
export interface SectionPlan {
  readonly section: DeltaSection;
  /** How its entries are stored. */
  readonly signal: Signal;
  readonly owners: ChangedOwners;
  readonly base: SectionView | undefined;
  /** Entries after the change. */
  readonly count: number;
  readonly removals: Uint8Array;
  readonly codes: Uint8Array;
  readonly sketches: Uint8Array;
  /** Owners of the entries added, packed. */
  readonly labels: Uint8Array;
  readonly labelBits: number;
}

/**
 * Checks a section's counts and lengths against each other, before anything is allocated by them.
 * @param parameters - of the list
 * @param signal - how the entries are stored
 * @param section - of the delta
 * @param bytes - its removals, codes, sketches and owners
 * @param base - the section of the base; undefined for none
 * @param owners - before and after
 * @returns where its parts lie
 * @throws DeltaError `malformed`, `too-large`
 */
export function planSection(
  parameters: ListParameters,
  signal: Signal,
  section: DeltaSection,
  bytes: Uint8Array,
  base: SectionView | undefined,
  owners: ChangedOwners,
): SectionPlan {
  const { removed, added, removalBytes } = section;
  const baseCount = base?.count ?? 0;
  if (removed > baseCount) malformed('more entries are removed than there are');
  const count = baseCount - removed + added;
  if (count > parameters.capacity) malformed('a section grows above the capacity');
  if (count > 0 && owners.count === 0) malformed('entries without a label table');

  checkCodeBytes(removalBytes, removalWidths(baseCount, removed).bits, removed);
  const width = fingerprintBits(parameters, signal);
  const parts = partBytes(parameters, signal, added, owners.count);
  const codeBytes = bytes.length - removalBytes - parts.sketches - parts.labels;
  checkCodeBytes(codeBytes, width, added);
  if (codeBitsBounds(width, count).least > MAX_CODE_BYTES * 8) {
    throw new DeltaError('too-large', 'a section would have too many entries');
  }

  const labelBits = ceilLog2(owners.count);
  const sketchesAt = removalBytes + codeBytes;
  const labels = bytes.subarray(sketchesAt + parts.sketches);
  const spare = labels.length * 8 - added * labelBits;
  if (spare > 0 && labels[labels.length - 1] >>> (8 - spare) !== 0) {
    malformed('bits after the labels are not zero');
  }
  return {
    section,
    signal,
    owners,
    base,
    count,
    removals: bytes.subarray(0, removalBytes),
    codes: bytes.subarray(removalBytes, sketchesAt),
    sketches: bytes.subarray(sketchesAt, sketchesAt + parts.sketches),
    labels,
    labelBits,
  };
}

function checkCodeBytes(bytes: number, bits: number, count: number): void {
  const { least, most } = codeBitsBounds(bits, count);
  if (bytes < Math.ceil(least / 8) || bytes > Math.ceil(most / 8)) {
    malformed('a section is too short or too long for its entries');
  }
  if (bytes > MAX_CODE_BYTES) throw new DeltaError('too-large', 'a section has too many entries');
}

/**
 * One pass over the base's entries and those added, writing as it goes.
 * @param parameters - of the list
 * @param plan - made by {@link planSection}
 * @returns codes, sketches and owners of the section after the change
 * @throws DeltaError `malformed`, `too-large`
 */
export function mergeSection(parameters: ListParameters, plan: SectionPlan): Uint8Array[] {
  const { signal, owners, base, count, labelBits } = plan;
  const width = fingerprintBits(parameters, signal);
  const sketchBytes = signal === 'pdq' ? parameters.sketchBits / 8 : 0;
  const out = new SectionOutput(width, count, sketchBytes, labelBits);
  const coming = new Additions(plan, width, sketchBytes);
  const going = new Removals(plan, base?.count ?? 0);

  if (base !== undefined) {
    const reader = new RiceReader(base.codes, base.fingerprintBits, base.riceParameter);
    for (let i = 0; i < base.count; i++) {
      reader.next();
      if (i === going.position) {
        going.next();
        continue;
      }
      const label = owners.newIds[unpackBits(base.labels, base.labelBits, i)];
      if (label < 0) malformed('an entry stays whose label or video is removed');
      while (coming.comesBefore(reader, base.sketches, i, label)) coming.moveTo(out);
      out.write(reader.low, reader.high, base.sketches, i, label);
    }
  }
  while (coming.isLeft) coming.moveTo(out);
  return out.finish();
}

/** Positions that are removed, one at a time. */
class Removals {
  /** The next one; the base's count after the last. */
  position = 0;
  readonly #reader: RiceReader;
  readonly #baseCount: number;
  #left: number;

  constructor({ section: { removed }, removals }: SectionPlan, baseCount: number) {
    const { bits, k } = removalWidths(baseCount, removed);
    this.#reader = new RiceReader(removals, bits, k);
    this.#baseCount = baseCount;
    this.#left = removed;
    this.position = -1;
    this.next();
  }

  next(): void {
    if (this.#left-- === 0) {
      this.#reader.end();
      this.position = this.#baseCount;
      return;
    }
    this.#reader.next();
    const { low } = this.#reader;
    if (low <= this.position || low >= this.#baseCount) malformed('the removals are not positions in order');
    this.position = low;
  }
}

/** Entries that are added, one at a time, and that they are in order. */
class Additions {
  /** Whether there is an entry to be moved. */
  isLeft = true;
  readonly #plan: SectionPlan;
  readonly #reader: RiceReader;
  readonly #sketchBytes: number;
  #ordinal = -1;
  #label = 0;

  constructor(plan: SectionPlan, width: number, sketchBytes: number) {
    this.#plan = plan;
    this.#reader = new RiceReader(plan.codes, width, riceParameter(width, plan.section.added));
    this.#sketchBytes = sketchBytes;
    this.#next();
  }

  /** Whether the present entry comes before one of the base. */
  comesBefore({ low, high }: RiceReader, sketches: Uint8Array, ordinal: number, label: number): boolean {
    if (!this.isLeft) return false;
    const reader = this.#reader;
    if (reader.high !== high) return reader.high < high;
    if (reader.low !== low) return reader.low < low;
    const order = compareSketches(this.#plan.sketches, this.#ordinal, sketches, ordinal, this.#sketchBytes);
    return order === 0 ? this.#label < label : order < 0;
  }

  moveTo(out: SectionOutput): void {
    out.write(this.#reader.low, this.#reader.high, this.#plan.sketches, this.#ordinal, this.#label);
    this.#next();
  }

  #next(): void {
    const { section, sketches, labels, labelBits, owners } = this.#plan;
    const reader = this.#reader;
    const i = ++this.#ordinal;
    if (i === section.added) {
      this.isLeft = false;
      reader.end();
      return;
    }
    const { low, high } = reader;
    const before = this.#label;
    reader.next();
    this.#label = unpackBits(labels, labelBits, i);
    if (this.#label >= owners.count) malformed('an entry has a label or video that is not in the table');
    if (i === 0 || reader.low !== low || reader.high !== high) return;
    const size = this.#sketchBytes;
    const order = compareBytes(sketches, (i - 1) * size, i * size, size) || before - this.#label;
    if (order > 0) malformed('entries with one fingerprint are not in order');
  }
}

/** The parts of the section that is made. */
class SectionOutput {
  readonly #writer: RiceWriter;
  readonly #sketchBytes: number;
  readonly #sketches: Uint8Array;
  readonly #labelBits: number;
  readonly #labelIds: Uint32Array;
  readonly #room: number;
  #count = 0;
  /** Sketches still to be copied, side by side in one of the sources. */
  #run: Uint8Array = new Uint8Array(0);
  #runStart = 0;
  #runEnd = 0;

  constructor(width: number, count: number, sketchBytes: number, labelBits: number) {
    this.#room = count;
    this.#writer = new RiceWriter(width, count);
    this.#sketchBytes = sketchBytes;
    this.#sketches = new Uint8Array(count * sketchBytes);
    this.#labelBits = labelBits;
    this.#labelIds = new Uint32Array(labelBits === 0 ? 0 : count);
  }

  write(low: number, high: number, sketches: Uint8Array, ordinal: number, label: number): void {
    // Removals that are wrong, and will be found to be, can let too many entries pass before.
    if (this.#count === this.#room) malformed('more entries stay than should');
    this.#writer.write(low, high);
    if (this.#labelBits > 0) this.#labelIds[this.#count] = label;
    if (sketches !== this.#run || ordinal !== this.#runEnd) {
      this.#copyRun();
      this.#run = sketches;
      this.#runStart = ordinal;
    }
    this.#runEnd = ordinal + 1;
    this.#count++;
  }

  finish(): Uint8Array[] {
    this.#copyRun();
    const codes = this.#writer.finish();
    if (codes.length > MAX_CODE_BYTES) throw new DeltaError('too-large', 'a section has too many entries');
    return [codes, this.#sketches, packBits(this.#labelIds, this.#labelBits)];
  }

  /** To where they end: just before the entry that is written next. */
  #copyRun(): void {
    const size = this.#sketchBytes;
    if (size === 0) return;
    const run = this.#run.subarray(this.#runStart * size, this.#runEnd * size);
    this.#sketches.set(run, this.#count * size - run.length);
  }
}

/**
 * @param a - sketches
 * @param i - which of them
 * @param b - sketches
 * @param j - which of them
 * @param size - bytes of one
 * @returns below, equal to or above zero
 */
export function compareSketches(a: Uint8Array, i: number, b: Uint8Array, j: number, size: number): number {
  for (let byte = 0; byte < size; byte++) {
    const difference = a[i * size + byte] - b[j * size + byte];
    if (difference !== 0) return difference;
  }
  return 0;
}
