/**
 * Reads the videos of a build: each file one video, its frames folded, and of several organisations those that enough
 * of them supplied.
 * @module
 */
import { createHash, createHmac } from 'node:crypto';
import { degeneracyOf } from '../../kernels/pdq-degenerate.js';
import { VIDEO_ID_BYTES } from '../../snapshot/video-table.js';
import { PublisherError, systemReason } from '../errors.js';
import type { Findings } from '../findings.js';
import type { ListSource } from '../lists/types.js';
import { type FoldedFrames, FrameFolder } from './fold.js';
import { readVpdq } from './vpdq-reader.js';

/** The hashes of one video's frames, as a file of vPDQ. */
export interface VideoInput {
  source: ListSource;
  /** The publisher's category; empty for none. */
  label: string;
  /** Who supplied it; needed with a quorum. */
  organisation?: string;
}

/** A video that will be listed. */
export interface CollectedVideo extends FoldedFrames {
  readonly label: string;
  /** SHA-256 of frames and segments. */
  readonly digest: Uint8Array;
}

/** The videos of all files. */
export interface CollectedVideos {
  /** In the order of arrival, none twice under one label. */
  readonly videos: readonly CollectedVideo[];
  /** Files that came again under the same label. */
  readonly repeated: number;
  /** Frames left out by an exclusion or an embargo. */
  readonly leftOut: number;
  /** Frames of too little detail. */
  readonly lowDetail: number;
  /** Names of files of which no frame is left. */
  readonly empty: readonly string[];
  /** Different videos that fewer organisations than the quorum supplied. */
  readonly belowQuorum: number;
  /** Videos whose organisations agree on no label. */
  readonly unlabelled: number;
}

/** How videos are collected. */
export interface CollectVideosOptions {
  /** Least PDQ quality of a listed frame. */
  quality: number;
  quorum: number | undefined;
  /** Whether a hash, in the order of its hex digits, is left out of the list. */
  isLeftOut: (hash: Uint8Array) => boolean;
  /** Takes what is wrong with the files. */
  problems: Findings;
  onBytes?: (name: string, bytes: number, totalBytes: number | undefined) => void;
}

/**
 * Reads all files to their ends, whatever is wrong with them.
 * @param inputs - files
 * @param options - what is left out, and where problems go
 */
export async function collectVideos(
  inputs: readonly VideoInput[],
  options: CollectVideosOptions,
): Promise<CollectedVideos> {
  const collecting = { leftOut: 0, lowDetail: 0, empty: [] as string[] };
  const supplied: { video: CollectedVideo; organisation: string }[] = [];
  for (const input of inputs) {
    const frames = await readVideo(input, options, collecting);
    if (frames === null) continue;
    const digest = createHash('sha256').update(frames.hashes).update(frames.segments).digest();
    supplied.push({
      video: { ...frames, label: input.label, digest },
      organisation: input.organisation ?? '',
    });
  }
  return { ...collecting, ...agree(supplied, options.quorum) };
}

/**
 * @param video - that was collected
 * @param salt - of the list
 * @returns its id in the list (9.2): the same in every version, and telling nothing without the frames
 */
export function videoId({ digest, label }: CollectedVideo, salt: Uint8Array): Uint8Array {
  const mac = createHmac('sha256', salt).update('presieve video').update(digest).update(label).digest();
  return new Uint8Array(mac.subarray(0, VIDEO_ID_BYTES));
}

/** Null where no frame is left. */
async function readVideo(
  { source }: VideoInput,
  options: CollectVideosOptions,
  counts: { leftOut: number; lowDetail: number; empty: string[] },
): Promise<FoldedFrames | null> {
  const { problems, quality: least, isLeftOut, onBytes } = options;
  const before = problems.count;
  const folder = new FrameFolder();
  let bytes = 0;
  async function* counted() {
    for await (const chunk of source.open()) {
      bytes += chunk.length;
      onBytes?.(source.name, bytes, source.bytes);
      yield chunk;
    }
  }
  try {
    await readVpdq(counted(), {
      frame({ hash, quality, seconds }) {
        const tooLittle = quality < least || degeneracyOf(hash) !== null;
        const leftOut = !tooLittle && isLeftOut(hash);
        if (tooLittle) counts.lowDetail++;
        if (leftOut) counts.leftOut++;
        folder.add(seconds, tooLittle || leftOut ? null : hash);
      },
      problem: (line, message) => problems.add(source.name, line, message),
    });
  } catch (error) {
    if (!(error instanceof PublisherError) || error.code !== 'input-unreadable') throw error;
    problems.add(source.name, 0, systemReason(error.cause));
  }
  if (folder.size === 0) {
    if (problems.count === before) counts.empty.push(source.name);
    return null;
  }
  return folder.finish();
}

/**
 * Without a quorum, each video once under each of its labels. With one, those that k organisations have frame for frame;
 * a label needs k of them, too, as that of a hash does.
 */
function agree(
  supplied: readonly { video: CollectedVideo; organisation: string }[],
  quorum: number | undefined,
): Pick<CollectedVideos, 'videos' | 'repeated' | 'belowQuorum' | 'unlabelled'> {
  const byDigest = new Map<string, Map<string, { video: CollectedVideo; organisations: Set<string> }>>();
  let repeated = 0;
  for (const { video, organisation } of supplied) {
    const key = Buffer.from(video.digest).toString('hex');
    const labels = byDigest.get(key) ?? new Map();
    byDigest.set(key, labels);
    const known = labels.get(video.label);
    if (known === undefined) labels.set(video.label, { video, organisations: new Set([organisation]) });
    else if (known.organisations.has(organisation)) repeated++;
    else known.organisations.add(organisation);
  }
  const videos: CollectedVideo[] = [];
  let belowQuorum = 0;
  let unlabelled = 0;
  for (const labels of byDigest.values()) {
    const all = [...labels.values()];
    const agreed = all.filter(({ organisations }) => organisations.size >= (quorum ?? 1));
    const everyone = new Set(all.flatMap(({ organisations }) => [...organisations]));
    if (agreed.length > 0) videos.push(...agreed.map(({ video }) => video));
    else if (everyone.size < quorum!) belowQuorum++;
    else {
      videos.push({ ...all[0].video, label: '' });
      unlabelled++;
    }
  }
  return { videos, repeated, belowQuorum, unlabelled };
}
