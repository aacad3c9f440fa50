/**
 * What leads from one section of a snapshot to the next (docs/delta-format.md, 3).
 * @module
 */
import { removalWidths } from './delta-format.js';
import { type ChangedOwners, compareSketches } from './delta-merge.js';
import { packBits, unpackBits } from './packed-bits.js';
import { ceilLog2, fingerprintBits } from './parameters.js';
import { RiceReader, RiceWriter } from './rice.js';
import type { ListParameters, SectionView } from './types.js';

/** A section of the delta, of entries that are removed and added. */
export interface SectionDifference {
  readonly removals: number;
  readonly additions: number;
  /** Removals, codes, sketches, owners. */
  readonly parts: readonly [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
}

/**
 * @param parameters - of the list
 * @param base - the section of the base; undefined for none
 * @param next - that of the next snapshot
 * @param owners - labels or videos' segments, before and after
 * @returns what goes and what comes
 */
export function diffSection(
  parameters: ListParameters,
  base: SectionView | undefined,
  next: SectionView,
  owners: ChangedOwners,
): SectionDifference {
  const sketchBytes = next.signal === 'pdq' ? parameters.sketchBits / 8 : 0;
  const { gone, come } = compareSections(base, next, owners.newIds, sketchBytes);
  const positions = new RiceWriter(removalWidths(base?.count ?? 0, gone.length).bits, gone.length);
  for (const position of gone) positions.write(position, 0);
  return {
    removals: gone.length,
    additions: come.ordinals.length,
    parts: [
      positions.finish(),
      ...encodeAdditions(parameters, next, come, sketchBytes, ceilLog2(owners.count)),
    ],
  };
}

/** Entries of a section by ordinal and fingerprint. */
interface Chosen {
  readonly ordinals: number[];
  readonly low: number[];
  readonly high: number[];
}

/** Both sections side by side, each read once: positions of the base that go, entries of the next that come. */
function compareSections(
  base: SectionView | undefined,
  next: SectionView,
  newIds: Int32Array,
  sketchBytes: number,
): { gone: number[]; come: Chosen } {
  const gone: number[] = [];
  const come: Chosen = { ordinals: [], low: [], high: [] };
  const old = new Cursor(base);
  const now = new Cursor(next);
  const isNew = () => {
    come.ordinals.push(now.ordinal);
    come.low.push(now.low);
    come.high.push(now.high);
    now.next();
  };
  const isGone = () => {
    gone.push(old.ordinal);
    old.next();
  };
  while (old.isLeft) {
    const label = newIds[old.label];
    if (label < 0 || !now.isLeft) {
      isGone();
      continue;
    }
    const order =
      old.high - now.high ||
      old.low - now.low ||
      compareSketches(base!.sketches, old.ordinal, next.sketches, now.ordinal, sketchBytes) ||
      label - now.label;
    if (order < 0) isGone();
    else if (order > 0) isNew();
    else {
      old.next();
      now.next();
    }
  }
  while (now.isLeft) isNew();
  return { gone, come };
}

function encodeAdditions(
  parameters: ListParameters,
  next: SectionView,
  { ordinals, low, high }: Chosen,
  sketchBytes: number,
  labelBits: number,
): [Uint8Array, Uint8Array, Uint8Array] {
  const writer = new RiceWriter(fingerprintBits(parameters, next.signal), ordinals.length);
  const sketches = new Uint8Array(ordinals.length * sketchBytes);
  const labelIds = new Uint32Array(ordinals.length);
  ordinals.forEach((ordinal, i) => {
    writer.write(low[i], high[i]);
    const at = ordinal * sketchBytes;
    sketches.set(next.sketches.subarray(at, at + sketchBytes), i * sketchBytes);
    labelIds[i] = unpackBits(next.labels, next.labelBits, ordinal);
  });
  return [writer.finish(), sketches, packBits(labelIds, labelBits)];
}

/** The entries of a section in order. */
class Cursor {
  ordinal = -1;
  isLeft = false;
  readonly #section: SectionView | undefined;
  readonly #reader: RiceReader | undefined;

  constructor(section: SectionView | undefined) {
    this.#section = section;
    this.#reader = section && new RiceReader(section.codes, section.fingerprintBits, section.riceParameter);
    this.next();
  }

  get low(): number {
    return this.#reader!.low;
  }

  get high(): number {
    return this.#reader!.high;
  }

  get label(): number {
    const { labels, labelBits } = this.#section!;
    return unpackBits(labels, labelBits, this.ordinal);
  }

  next(): void {
    this.isLeft = ++this.ordinal < (this.#section?.count ?? 0);
    if (this.isLeft) this.#reader!.next();
  }
}
