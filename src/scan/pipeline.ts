/**
 * The story of one scan, in the order of the data flow: sniff, digests, decode, hash, look up, decide.
 *
 * Runs the same in the scan worker and in Node; everything that differs comes in through {@link ScanContext}.
 * @module
 */
import type { InconclusiveReason, Outcome } from '../outcome.js';
import type { ExactSignal } from '../snapshot/types.js';
import { checkAnimation } from './animation/check-animation.js';
import { hasDetail } from './animation/each-frame.js';
import { checkMotion } from './check-motion.js';
import { checkVideo } from './check-video.js';
import { isCutOff } from './completeness.js';
import { type CheckResult, decide, type Findings, listsInUse, notScanned } from './decide.js';
import { digestFile } from './digests.js';
import { readDimensions } from './dimensions.js';
import { chooseLists } from './expiry.js';
import { type HashedImage, type HashImageOptions, hashImage } from './hash-image.js';
import { holdsSeveral, withHeic } from './heic.js';
import { EXACT_SIGNALS } from './lists.js';
import { lookInside } from './look-inside.js';
import { lookUpDigests, lookUpPictures, MatchSet } from './lookup.js';
import { readSlice } from './read.js';
import { SEARCH_PLANS } from './search-plan.js';
import { lookUpSignals, neededSignals, owesSignals } from './signals.js';
import { type FileType, SNIFF_BYTES, sniff } from './sniff.js';
import { CheckFailure, type ImageDecoder, type ScanContext, type ScanRun } from './types.js';

/** Share of the progress bar that the digests take; the rest is the picture, or the frames of a video. */
const DIGESTS_SHARE = { picture: 0.6, video: 0.2 };

/** Where all pixels read back alike, a file with more bits than this for each pixel must have held a picture. */
const CONTENT_BITS_PER_PIXEL = 0.5;
/** Bytes of metadata that even a plain picture may carry. */
const METADATA_BYTES = 16 * 1024;

/** What a file owes, by its type and the loaded lists. */
interface Owed {
  digests: readonly ExactSignal[];
  perceptual: boolean;
}

/**
 * Scans one file.
 * @param file - the file
 * @param context - lists, kernel, decoder, policy and limits
 * @param run - clock, progress and cancellation of this scan
 * @returns the outcome; never rejects for anything that a file can be
 */
export async function scanFile(file: Blob, context: ScanContext, run: ScanRun): Promise<Outcome> {
  const { limits, policy } = context;
  const { lists, unusedList, notes } = chooseLists(context, run.nowSeconds);
  const chosen = { ...context, lists };
  const inUse = listsInUse(lists, run.nowSeconds);
  const give = (reason: InconclusiveReason) => notScanned(reason, inUse, policy);
  if (lists.length === 0) return give(unusedList ?? 'no-list');
  if (file.size > limits.maxFileBytes) return give('too-large');

  const findings: Findings = {
    digests: { state: 'not-owed' },
    perceptual: { state: 'not-owed' },
    matches: [],
    notes,
    ...(unusedList !== undefined && { unusedList }),
  };
  const found = new MatchSet(context.labels);
  try {
    const type = await sniff(await readSlice(file, 0, SNIFF_BYTES));
    const owed = owes(type, chosen);
    const digestsShare =
      type.kind === 'video' && owed.perceptual ? DIGESTS_SHARE.video : DIGESTS_SHARE.picture;
    if (owed.digests.length > 0) {
      const part = within(run, 0, digestsShare);
      findings.digests = await attempt(() => checkDigests(file, owed.digests, chosen, part, found));
    }
    if (owed.perceptual && !run.isCancelled()) {
      const part = within(run, digestsShare, 1);
      findings.perceptual = await attempt(() => checkLook(file, type, chosen, part, found, findings));
    }
  } catch (error) {
    if (error instanceof CheckFailure) return give(error.reason);
    throw error;
  }
  if (run.isCancelled()) return give('aborted');
  run.onProgress(1);
  findings.matches = found.toArray();
  return decide(findings, inUse, policy);
}

/** Digests apply to any file, perceptual hashes to pictures and videos. */
function owes(type: FileType, context: Pick<ScanContext, 'lists' | 'parts'>): Owed {
  const { lists } = context;
  const perceptual = owesPictures(context) || lists.some((list) => list.videos !== undefined);
  return {
    digests: EXACT_SIGNALS.filter((signal) => lists.some((list) => list.exact.has(signal))),
    perceptual: perceptual && (type.kind === 'image' || type.kind === 'video'),
  };
}

function owesPictures({ lists, parts }: Pick<ScanContext, 'lists' | 'parts'>): boolean {
  return lists.some((list) => list.near !== null) || owesSignals(lists, parts);
}

/** A check's stretch of the progress bar, which never falls: a picture may have frames, and a video besides. */
function within(run: ScanRun, from: number, to: number): ScanRun {
  let highest = 0;
  return {
    ...run,
    onProgress(fraction) {
      highest = Math.max(highest, fraction);
      run.onProgress(from + highest * (to - from));
    },
  };
}

/** Turns a check's failure into a result, so that the other checks still run. False: there was nothing to check. */
async function attempt(check: () => Promise<boolean>): Promise<CheckResult> {
  try {
    return (await check()) ? { state: 'ran' } : { state: 'not-owed' };
  } catch (error) {
    if (error instanceof CheckFailure) {
      return { state: 'failed', reason: error.reason, ...(error.partly && { partly: true }) };
    }
    throw error;
  }
}

async function checkDigests(
  file: Blob,
  signals: readonly ExactSignal[],
  context: ScanContext,
  run: ScanRun,
  found: MatchSet,
): Promise<boolean> {
  const digests = await digestFile(file, signals, run);
  if (digests !== null) lookUpDigests(digests, context.lists, found);
  return true;
}

async function checkLook(
  file: Blob,
  type: FileType,
  context: ScanContext,
  run: ScanRun,
  found: MatchSet,
  findings: Findings,
): Promise<boolean> {
  if (type.kind === 'video') {
    const { lists, parts } = context;
    const hasNear = lists.some((list) => list.near !== null || list.videos !== undefined);
    const hasFrames = hasNear && (await checkVideo(file, context, run, found, findings));
    if (owesSignals(lists, parts) && (hasFrames || !hasNear)) {
      throw new CheckFailure('unsupported', "a licensee's signals are not looked up in frames", {
        partly: hasFrames,
      });
    }
    return hasFrames;
  }
  // Of lists that hold nothing but videos, only the one in a motion photo can be.
  if (!owesPictures(context)) return checkMotion(file, type, context, run, found, findings);
  await checkPicture(file, type, context, run, found, findings);
  return true;
}

async function checkPicture(
  file: Blob,
  type: FileType,
  context: ScanContext,
  run: ScanRun,
  found: MatchSet,
  findings: Findings,
): Promise<void> {
  const { lists } = context;
  const hasNear = lists.some((list) => list.near !== null);
  const remainingMs = () => run.remainingMs?.() ?? Number.POSITIVE_INFINITY;
  const looking = { ...context, decoder: withHeic(context, remainingMs, findings.notes) };
  const signals = await neededSignals(lists, context.parts, remainingMs(), findings.notes);
  if (signals === null && !hasNear) throw new CheckFailure('unsupported', 'the signals could not be loaded');
  const hashed = await hashPicture(file, type, looking, run.isCancelled, {
    signals: signals ?? [],
    survey: hasNear && context.parts?.has('finder') === true,
  });
  if (hashed === null) return;
  const before = found.size;
  const comparable = hashed.pictures.filter(hasDetail);
  lookUpPictures(comparable, context.lists, SEARCH_PLANS[context.search], context.variants, found);
  if (!lookUpSignals(hashed.signals, lists, found)) {
    throw new CheckFailure('unsupported', "a licensee's signal failed", { partly: hasNear });
  }
  let looked = hasNear ? comparable.length : hashed.signals.length;
  const cutOff = await isCutOff(file, type);
  let framesCut = false;
  if (await holdsSeveral(file, type)) {
    const frames = hasNear ? await checkAnimation(file, type, hashed, looking, run, found) : null;
    looked += frames?.pictures ?? 0;
    // Signals of licensees are made of the first frame only.
    framesCut = frames === null || frames.cut || cutOff || (signals ?? []).length > 0;
  }
  // Some engines show nothing of a picture that is cut off.
  if (looked === 0 && cutOff) throw new CheckFailure('undecodable', 'the file ends too early');
  if (framesCut) findings.notes.push('animation-cut');
  else if (cutOff) findings.notes.push('picture-cut');
  if (looked === 0) findings.notes.push('low-detail');
  if (found.size > before) return;
  const inside = hasNear ? await lookInside(hashed.pictures, context, run, found) : 'off';
  if (inside === 'failed' && !findings.notes.includes('part-missing')) findings.notes.push('part-missing');
  if (found.size === before) await checkMotion(file, type, context, run, found, findings);
}

/**
 * Decodes and hashes a picture, first frame only.
 * @param file - the picture
 * @param type - what the sniffer says of it
 * @param context - decoder, kernel and limits
 * @param isCancelled - asked between strips
 * @param options - what else is wanted of the picture
 * @returns its hashes, or null when cancelled
 * @throws CheckFailure with the reason why it can't be looked at
 */
export async function hashPicture(
  file: Blob,
  type: FileType,
  context: Pick<ScanContext, 'decoder' | 'kernel' | 'limits'>,
  isCancelled: () => boolean = () => false,
  options: HashImageOptions = {},
): Promise<HashedImage | null> {
  const tooLarge = (image: { width: number; height: number }) =>
    image.width * image.height > context.limits.maxPixels;
  if (type.kind !== 'image') throw new CheckFailure('unsupported', `${type.type} files are not decoded`);
  if (type.decodable && tooLarge(await readDimensions(file))) {
    throw new CheckFailure('too-large', 'more pixels than the limit');
  }
  if (isCancelled()) return null;
  const image = await decode(context.decoder, file, type);
  try {
    // Again on the real thing: a header can lie.
    if (tooLarge(image)) throw new CheckFailure('too-large', 'more pixels than the limit');
    const hashed = hashImage(image, context.kernel, isCancelled, options);
    const contentBits = Math.max(0, file.size - METADATA_BYTES) * 8;
    if (hashed?.uniform && contentBits / (image.width * image.height) > CONTENT_BITS_PER_PIXEL) {
      // WebKit gives a blank picture for what it could not decode to the end.
      if (await isCutOff(file, type)) throw new CheckFailure('undecodable', 'the file ends too early');
      throw new CheckFailure('readback-blocked', 'every pixel reads back alike');
    }
    return hashed;
  } finally {
    image.close();
  }
}

async function decode(decoder: ImageDecoder, file: Blob, type: FileType) {
  try {
    return await decoder.decode(file, type);
  } catch (cause) {
    if (cause instanceof CheckFailure) throw cause;
    throw new CheckFailure('undecodable', `the ${type.type} file could not be decoded`, { cause });
  }
}
