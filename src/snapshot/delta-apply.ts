/**
 * Applies a delta to its base (docs/delta-format.md, 4).
 *
 * Memory beside the arguments: the result twice (its parts, then the whole), two bytes an entry where there are labels, and
 * the base's index. Nothing is sorted, no hash is computed, no entry is held decoded.
 * @module
 */
import { DeltaError, malformed } from './delta-errors.js';
import { snapshotName } from './delta-format.js';
import { type ChangedLabels, changeLabels } from './delta-labels.js';
import { mergeSection, planSection } from './delta-merge.js';
import { type DeltaHeader, type DeltaSection, readDeltaHeader } from './delta-read.js';
import { changeVideos } from './delta-videos.js';
import { assembleSnapshot, type SectionBody } from './encode.js';
import { SnapshotError } from './errors.js';
import { hasUnknownKinds, readSnapshot } from './read.js';
import { encodeText } from './text.js';
import { SIGNALS, type Snapshot, VIDEO_KIND } from './types.js';

/**
 * Applies a delta. Whether the result is what was signed is another question: compare its digest.
 * @param base - the snapshot that the delta was made for
 * @param delta - made by `makeDelta`
 * @returns the next snapshot, byte by byte as if built from scratch
 * @throws DeltaError with the code of the first check that fails (4.3)
 * @throws TypeError where an argument is no Uint8Array
 */
export function applyDelta(base: Uint8Array, delta: Uint8Array): Uint8Array {
  if (!(base instanceof Uint8Array)) throw new TypeError("'base' must be a Uint8Array");
  const header = readDeltaHeader(delta);
  const snapshot = readBase(base, header);
  try {
    return build(snapshot, header);
  } catch (error) {
    // The base was found whole, so what is wrong is the delta.
    if (!(error instanceof SnapshotError)) throw error;
    throw new DeltaError('malformed', error.message, { cause: error });
  }
}

function readBase(base: Uint8Array, { base: wanted }: DeltaHeader): Snapshot {
  const refuse = (message: string, cause?: unknown): never => {
    throw new DeltaError('wrong-base', message, { cause });
  };
  if (base.length !== wanted.byteLength) {
    refuse(`the base has ${base.length} bytes, the delta is for one of ${wanted.byteLength}`);
  }
  let snapshot: Snapshot;
  try {
    snapshot = readSnapshot(base);
  } catch (error) {
    return refuse(`the base can't be read: ${(error as Error).message}`, error);
  }
  const { version, checksum } = snapshotName(base, snapshot.header.version);
  if (version !== wanted.version) {
    refuse(`the base has version ${version}, the delta is for version ${wanted.version}`);
  }
  if (checksum !== wanted.checksum) refuse('the base is another snapshot than the one the delta is for');
  if (hasUnknownKinds(snapshot)) refuse('the base has a section of an unknown kind');
  return snapshot;
}

function build(base: Snapshot, delta: DeltaHeader): Uint8Array {
  const { name, next, createdSeconds, demo, removedLabels, addedLabels } = delta;
  const labels = changeLabels(base.labels, removedLabels, addedLabels);
  // All of them planned before the first is merged: lengths and counts are checked before anything large is allocated.
  const merges = delta.sections.map((section) => planChange(base, section, labels));
  const header = { ...base.header, name, version: next.version, createdSeconds, demo };
  const bodies = merges.map((merge) => merge());
  let result: Uint8Array;
  try {
    result = assembleSnapshot(header, encodeText(name, 'name'), labels.table, bodies);
  } catch (error) {
    throw new DeltaError('too-large', (error as Error).message, { cause: error });
  }
  const { byteLength, checksum } = snapshotName(result, next.version);
  if (byteLength !== next.byteLength || checksum !== next.checksum) {
    malformed('the result is another one than the delta says');
  }
  return result;
}

/** @returns what makes the next section of it */
function planChange(base: Snapshot, section: DeltaSection, labels: ChangedLabels): () => SectionBody {
  const { kind, bytes } = section;
  const { header, sections, videos } = base;
  const signal = SIGNALS[kind - 1];
  if (signal !== undefined) {
    const owners = { count: labels.table.length, newIds: labels.newIds };
    const plan = planSection(header, signal, section, bytes, sections.get(signal), owners);
    return () => ({ kind, count: plan.count, parts: mergeSection(header, plan) });
  }
  if (kind === VIDEO_KIND) {
    const { prelude, owners, byteLength } = changeVideos(bytes, videos, labels);
    const frames = bytes.subarray(byteLength);
    const plan = planSection(header, 'pdq', section, frames, videos?.frames, owners);
    return () => ({ kind, count: plan.count, parts: [prelude, ...mergeSection(header, plan)] });
  }
  return () => replaceSection(base, section);
}

/** A licensee's section stays as it is, or comes whole (3.8). */
function replaceSection({ licensed }: Snapshot, section: DeltaSection): SectionBody {
  const { kind, removed, added, bytes, removalBytes } = section;
  const base = licensed.find((candidate) => candidate.kind === kind);
  if (removalBytes !== 0) malformed('removals of a section that is not merged');
  if (removed === 0 && added === 0 && bytes.length === 0)
    return { kind, count: base?.count ?? 0, parts: base === undefined ? [] : [base.bytes] };
  if (removed !== (base?.count ?? 0)) malformed('a section is neither kept nor replaced');
  return { kind, count: added, parts: [bytes] };
}
