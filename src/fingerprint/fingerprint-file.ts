/**
 * The story of one fingerprint: digests, then the PDQ hash of the picture, or of a frame of each second of the video.
 *
 * The hashes are those that lists take: of the file as it is, upright, without any of the variants that a scan tries.
 * Runs the same in the worker and in Node.
 * @module
 */
import { hashToHex } from '../kernels/pdq-hex.js';
import { fitsKernel } from '../kernels/pdq-limits.js';
import type { PdqHash, PdqKernel } from '../kernels/types.js';
import type { Limits } from '../limits.js';
import { isCutOff } from '../scan/completeness.js';
import { MIN_PDQ_QUALITY } from '../scan/detail.js';
import { digestFile } from '../scan/digests.js';
import { EXACT_SIGNALS } from '../scan/lists.js';
import { hashPicture } from '../scan/pipeline.js';
import { readSlice } from '../scan/read.js';
import { type FileType, SNIFF_BYTES, sniff } from '../scan/sniff.js';
import { CheckFailure, type DecodedImage, type ImageDecoder } from '../scan/types.js';
import type { VideoPart } from '../scan/video.js';
import type { Fingerprint, FrameFingerprint, MissingReason, PdqFingerprint } from './types.js';

/** Share of the progress that the digests take. */
const DIGESTS_SHARE = 0.4;
/** Bytes of pixels in one strip. */
const STRIP_BYTES = 1024 * 1024;
/** vPDQ takes a frame of each second. */
const SECONDS_PER_FRAME = 1;

/** What it works with. */
export interface FingerprintContext {
  kernel: PdqKernel;
  decoder: ImageDecoder;
  /** Null: videos have digests alone. */
  video: VideoPart | null;
  limits: Limits;
  onProgress(fraction: number): void;
}

/**
 * @param file - any file
 * @param context - kernel, decoders, limits, progress
 * @returns its fingerprint
 * @throws CheckFailure `unreadable`
 */
export async function fingerprintFile(file: Blob, context: FingerprintContext): Promise<Fingerprint> {
  const { onProgress } = context;
  const type = await sniff(await readSlice(file, 0, SNIFF_BYTES));
  const digests = await digestFile(file, EXACT_SIGNALS, {
    isCancelled: () => false,
    onProgress: (fraction) => onProgress(fraction * DIGESTS_SHARE),
  });
  if (digests === null) throw new Error('digests were cancelled by nobody');
  const hex = (signal: (typeof EXACT_SIGNALS)[number]) => toHex(digests.get(signal) as Uint8Array);
  const fingerprint: Fingerprint = {
    type: type.type,
    bytes: file.size,
    md5: hex('md5'),
    sha1: hex('sha1'),
    sha256: hex('sha256'),
    pdq: null,
    vpdq: null,
    notes: [],
  };
  try {
    if (type.kind === 'image') await addPicture(fingerprint, file, type, context);
    else if (type.kind === 'video') await addFrames(fingerprint, file, context);
    else fingerprint.missing = 'not-a-picture';
  } catch (error) {
    if (!(error instanceof CheckFailure) || error.reason === 'unreadable') throw error;
    fingerprint.missing = error.reason as MissingReason;
  }
  onProgress(1);
  return fingerprint;
}

async function addPicture(
  fingerprint: Fingerprint,
  file: Blob,
  type: FileType,
  context: FingerprintContext,
): Promise<void> {
  const hashed = await hashPicture(file, type, context);
  if (hashed === null) throw new Error('the picture was cancelled by nobody');
  const { pictures } = hashed;
  fingerprint.pdq = asFingerprint(pictures[0].hash);
  if (fingerprint.pdq.quality < MIN_PDQ_QUALITY) fingerprint.notes.push('low-detail');
  if (type.animated) fingerprint.notes.push('first-frame');
  if (pictures.length > 1) fingerprint.notes.push('on-white');
  if (await isCutOff(file, type)) fingerprint.notes.push('cut-off');
}

async function addFrames(
  fingerprint: Fingerprint,
  file: Blob,
  { video, kernel, limits, onProgress }: FingerprintContext,
): Promise<void> {
  if (video === null) {
    fingerprint.missing = 'part-missing';
    return;
  }
  const source = await video.open(file);
  if (source === null) {
    fingerprint.missing = 'not-a-picture';
    return;
  }
  try {
    const { durationSeconds, width, height } = source;
    if (width * height > limits.maxPixels || !fitsKernel(width, height)) {
      throw new CheckFailure('too-large', 'more pixels than the limit');
    }
    const times = Array.from(
      { length: Math.max(1, Math.ceil(durationSeconds / SECONDS_PER_FRAME)) },
      (_, i) => i * SECONDS_PER_FRAME,
    );
    const frames: FrameFingerprint[] = [];
    let answered = 0;
    let last = 0;
    for await (const { requested, timestamp, image } of source.frames(times)) {
      answered++;
      last = requested;
      if (image === null) {
        const shown = frames.at(-1);
        if (shown !== undefined) frames.push({ ...shown, timestamp: requested });
        continue;
      }
      try {
        frames.push({ ...asFingerprint(hashFrame(image, kernel)), timestamp });
      } finally {
        image.close();
      }
      onProgress(DIGESTS_SHARE + (1 - DIGESTS_SHARE) * Math.min(1, timestamp / durationSeconds));
    }
    if (frames.length === 0) throw new CheckFailure('undecodable', 'no frame could be decoded');
    fingerprint.vpdq = frames;
    if (source.cutOff || last < times[times.length - 1]) fingerprint.notes.push('cut-off');
    else if (answered < times.length) fingerprint.notes.push('frames-missing');
    if (frames.every(({ quality }) => quality < MIN_PDQ_QUALITY)) fingerprint.notes.push('low-detail');
  } finally {
    source.close();
  }
}

function hashFrame(image: DecodedImage, kernel: PdqKernel): PdqHash {
  const { width, height } = image;
  kernel.begin(width, height);
  const stripRows = Math.max(1, Math.floor(STRIP_BYTES / (width * 4)));
  for (let y = 0; y < height; y += stripRows) {
    const count = Math.min(stripRows, height - y);
    kernel.rows(image.readRows(y, count), count);
  }
  return kernel.end();
}

function asFingerprint({ bits, quality }: PdqHash): PdqFingerprint {
  return { hash: hashToHex(bits), quality };
}

function toHex(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
