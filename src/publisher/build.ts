/**
 * Builds a snapshot: lists in, bytes out.
 *
 * The same entries, base and time give the same bytes, whatever the order and the number of the lists.
 * @module
 */
import { encodeSnapshot } from '../snapshot/encode.js';
import { sectionFromHashes } from '../snapshot/section.js';
import { labelTable, MAX_LABELS } from '../snapshot/text.js';
import type { ListParameters, Signal, Snapshot, SnapshotHeader, VideoThresholds } from '../snapshot/types.js';
import { videosFromFrames } from '../snapshot/video-section.js';
import { DEFAULT_VIDEO_THRESHOLDS, thresholdProblem } from '../snapshot/video-table.js';
import { type Collected, collect } from './collect.js';
import { PublisherError } from './errors.js';
import { displayName, type Finding } from './findings.js';
import { type Inspection, inspectSnapshot, openSnapshot } from './inspect.js';
import { type ListChoice, resolveHeader } from './list-header.js';
import type { ListReader, ListSource, Skipped } from './lists/types.js';
import { SIGNAL_NAMES } from './signal-names.js';
import { type CollectedVideos, type VideoInput, videoId } from './videos/collect-videos.js';

/** A list of hashes, and the reader of its format. */
export interface ListInput {
  source: ListSource;
  reader: ListReader;
  /** Who supplied it; needed with a quorum. */
  organisation?: string;
}

/** A list whose hashes are held back for a time. */
export interface Embargo extends ListInput {
  /** Unix time in seconds: builds created before it leave the hashes out. */
  untilSeconds: number;
}

/** How far a build is. */
export interface BuildProgress {
  step: 'reading' | 'encoding';
  /** Name of the list that is read, or the signal that is encoded. */
  item: string;
  /** Bytes read of `item`. */
  bytes?: number;
  /** Bytes of `item` in all, where known. */
  totalBytes?: number;
}

/** What to build. */
export interface BuildOptions extends ListChoice {
  /** The lists whose entries make the snapshot; one at least, or one of `videos`. */
  inputs: readonly ListInput[];
  /** Files of vPDQ, each one video. */
  videos?: readonly VideoInput[];
  /** When a file counts as a copy of a listed video. Default: as the base, or those of docs/vpdq.md. */
  videoThresholds?: Partial<VideoThresholds>;
  /** Negative lists: their hashes are left out, whatever the label. */
  excludes?: readonly ListInput[];
  /** Lists of hashes that are left out until a date, whatever the label. */
  embargoes?: readonly Embargo[];
  /** Organisations that have to supply an entry, and each of its labels. Default: one list is enough. */
  quorum?: number;
  /** The version before, whose name, salt, capacity and widths are carried on. */
  base?: Uint8Array;
  /** Refuse hashes that would accuse the innocent, instead of warning of them. Default false. */
  strict?: boolean;
  onProgress?: (progress: BuildProgress) => void;
}

/** What was built. */
export interface BuildResult {
  /** The snapshot. */
  bytes: Uint8Array;
  inspection: Inspection;
  /** Lines that came again under the same label. */
  repeated: number;
  /** Lines left out by `excludes`. */
  excluded: number;
  /** Lines held back by `embargoes`. */
  heldBack: number;
  /** Different hashes that fewer organisations than the quorum supplied. */
  belowQuorum: number;
  /** Entries whose organisations agree on no label. */
  unlabelled: number;
  /** Of the videos: how many are listed, frames left out for their little detail, and by exclusions and embargoes. */
  videos: { listed: number; lowDetailFrames: number; leftOutFrames: number };
  /** What readers left out on purpose, and how often: PhotoDNA hashes, deleted entries and the like. */
  skipped: ReadonlyMap<Skipped, number>;
  /** Hashes that would accuse the innocent: the first of them, and how many there are. */
  accusing: Finding[];
  accusingCount: number;
  /** Remarks on the lists as a whole. */
  notes: string[];
}

/**
 * Builds a snapshot. Reads all lists to the end before it refuses any.
 * @param options - lists, name, version, time
 * @returns the snapshot and what there is to say of it
 * @throws PublisherError with any code but `output-failed`
 * @example
 * ```ts
 * import { readFile, writeFile } from 'node:fs/promises';
 * import { buildSnapshot, fileSource, textReader } from 'presieve/publisher';
 *
 * const { bytes } = await buildSnapshot({
 *   name: 'Example Hotline',
 *   version: 8,
 *   createdSeconds: Math.floor(Date.now() / 1000),
 *   base: await readFile('v7.snapshot'),
 *   inputs: [{ source: fileSource('pdq.csv'), reader: textReader(['pdq']) }],
 * });
 * await writeFile('v8.snapshot', bytes);
 * ```
 */
export async function buildSnapshot(options: BuildOptions): Promise<BuildResult> {
  const base = options.base === undefined ? undefined : openSnapshot(options.base, 'the base');
  if (options.inputs.length === 0 && !options.videos?.length)
    throw new PublisherError('usage', 'there is no list to build from');
  checkQuorum(options);
  // Before the lists are read, which may take a while.
  resolveHeader(options, base, 0);

  const thresholds = { ...DEFAULT_VIDEO_THRESHOLDS, ...base?.videos?.thresholds, ...options.videoThresholds };
  const problem = thresholdProblem(thresholds);
  if (problem !== null) throw new PublisherError('usage', problem);

  const { entries: collected, videos } = await collect({ ...options, videoQuality: thresholds.quality });
  const frames = videos.videos.reduce((sum, { segments }) => sum + segments.length, 0);
  const largest = Math.max(frames, ...[...collected.tables.values()].map((table) => table.size));
  if (largest === 0) {
    throw new PublisherError('input-empty', 'no entry is left: a list that finds nothing is not built');
  }
  const header = resolveHeader(options, base, largest);
  checkCapacity(header, collected, frames, base !== undefined);
  const bytes = encode(header, collected, options.videos?.length ? { videos, thresholds } : null, options);
  return {
    bytes,
    inspection: inspectSnapshot(bytes),
    repeated: collected.repeated + videos.repeated,
    excluded: collected.excluded,
    skipped: collected.skipped,
    heldBack: collected.heldBack,
    belowQuorum: collected.belowQuorum + videos.belowQuorum,
    unlabelled: collected.unlabelled + videos.unlabelled,
    videos: {
      listed: videos.videos.length,
      lowDetailFrames: videos.lowDetail,
      leftOutFrames: videos.leftOut,
    },
    accusing: collected.accusing.first,
    accusingCount: collected.accusing.count,
    notes: [
      ...collected.notes,
      ...videos.empty.map((name) => `${displayName(name)}: no frame is left to be listed`),
      ...missingSignals(collected, base),
      ...missingVideos(options, base),
    ],
  };
}

function checkQuorum({ quorum, inputs, videos = [] }: BuildOptions): void {
  if (quorum === undefined) return;
  const organisations = new Set([...inputs, ...videos].map(({ organisation }) => organisation));
  if (organisations.has(undefined))
    throw new PublisherError('usage', 'with a quorum every list needs the organisation that supplied it');
  if (!Number.isInteger(quorum) || quorum < 1 || quorum > organisations.size) {
    throw new PublisherError(
      'usage',
      `the quorum must be a whole number from 1 to the number of organisations, which is ${organisations.size}`,
    );
  }
}

function checkCapacity(
  { capacity }: ListParameters,
  { tables }: Collected,
  frames: number,
  hasBase: boolean,
): void {
  const sizes = [...tables].map(([signal, { size }]) => [`${SIGNAL_NAMES[signal]} entries`, size] as const);
  for (const [what, size] of [...sizes, ['frames of videos', frames] as const]) {
    if (size <= capacity) continue;
    const wayOut = hasBase
      ? 'the capacity of a list is fixed at its first build: build it anew without --base and with a larger --capacity, ' +
        'and clients will load it whole instead of as a delta'
      : 'give a larger --capacity';
    throw new PublisherError(
      'capacity-exceeded',
      `${size} ${what} are more than the capacity of ${capacity}; ${wayOut}`,
    );
  }
}

function encode(
  header: SnapshotHeader,
  { tables, labels }: Collected,
  listed: { videos: CollectedVideos; thresholds: VideoThresholds } | null,
  { onProgress }: Pick<BuildOptions, 'onProgress'>,
): Uint8Array {
  const videos = listed?.videos.videos ?? [];
  const names = [...labels, ...videos.map(({ label }) => label)];
  if (new Set(names).size > MAX_LABELS) {
    throw new PublisherError(
      'too-many-labels',
      `more than ${MAX_LABELS} different labels: labels are categories, give the videos some with --label`,
    );
  }
  const { labels: table, ids } = labelTable(names);
  const sections = [...tables].map(([signal, entries]) => {
    onProgress?.({ step: 'encoding', item: signal });
    return sectionFromHashes(
      header,
      signal,
      entries.hashes,
      entries.labels.map((label) => ids[label]),
    );
  });
  if (listed === null) return encodeSnapshot(header, table, sections);
  onProgress?.({ step: 'encoding', item: 'vpdq' });
  const entries = videos.map((video, i) => ({
    id: videoId(video, header.salt),
    labelId: ids[labels.length + i],
    hashes: video.hashes,
    segments: video.segments,
  }));
  return encodeSnapshot(header, table, sections, videosFromFrames(header, entries, listed.thresholds));
}

function missingVideos({ videos }: BuildOptions, base: Snapshot | undefined): string[] {
  if (!base?.videos || videos?.length) return [];
  return [
    `the base has ${base.videos.table.count} videos, and none was given: clients will no longer check them`,
  ];
}

/** A signal that the version before had and this one has not is more often an oversight than a wish. */
function missingSignals({ tables }: Collected, base: Snapshot | undefined): string[] {
  const missing: Signal[] = [...(base?.sections.keys() ?? [])].filter((signal) => !tables.has(signal));
  return missing.map((signal) => {
    const { count } = base!.sections.get(signal)!;
    return `the base has ${count} ${SIGNAL_NAMES[signal]} entries, and no ${SIGNAL_NAMES[signal]} list was given: clients will no longer check it`;
  });
}
