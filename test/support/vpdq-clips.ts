/**
 * vPDQ's own clips, with the hashes that the reference implementation gives for every frame: part of the shared material, which a
 * stranger's checkout doesn't have.
 * @module
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import type { FramesInBrowser } from './entries/video-frames-in-browser.js';
import { hexDistance, SHARED } from './photos.js';

/** Folder of the clips, with a closing slash, or null where a checkout has none. */
export const VPDQ: string | null = findClips();

function findClips(): string | null {
  const folder = `${SHARED}conformance/vpdq/`;
  return SHARED !== null && existsSync(folder) ? folder : null;
}

/** Frames of at least this quality are compared with the reference's; it is certain of them. */
const CLEAR_QUALITY = 80;

/** Seconds that the reference's rounding to milliseconds can cost. */
const SAME_TIME = 0.001;

/** @returns names of the clips, without extension */
export function vpdqNames(): string[] {
  const files = readdirSync(VPDQ as string).filter((name) => name.endsWith('.mp4'));
  return files.map((name) => name.slice(0, -4));
}

/** @returns a clip's bytes */
export function vpdqClip(name: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(readFileSync(`${VPDQ}${name}.mp4`));
}

/** A frame as the reference hashes it. */
export interface ReferenceFrame {
  quality: number;
  hash: string;
  /** Seconds. */
  time: number;
}

/** @returns the reference's frames of a clip */
export function vpdqReference(name: string): ReferenceFrame[] {
  return readFileSync(`${VPDQ}${name}.txt`, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => line.split(','))
    .map(([, quality, hash, time]) => ({ quality: Number(quality), hash, time: Number(time) }));
}

/** Frames of a clip beside the reference's of the same times. */
export interface ReferenceComparison {
  clip: string;
  codec: string;
  size: string;
  frames: number;
  /** Frames that the reference is certain of. */
  compared: number;
  /** Bits of 256. */
  median: number;
  most: number;
  'quality differs by': number;
}

/**
 * @param name - of the clip
 * @param found - what a browser finds in it
 * @throws Error where the reference has no frame of a timestamp
 */
export function compareWithReference(name: string, found: FramesInBrowser): ReferenceComparison {
  const reference = vpdqReference(name);
  const { frames, codec, width, height } = found;
  const pairs = frames.map(({ hash, timestamp, quality }) => {
    const theirs = reference.find(({ time }) => Math.abs(time - timestamp) <= SAME_TIME);
    if (theirs === undefined) throw new Error(`${name}: the reference has no frame at ${timestamp} s`);
    return { ours: hash as string, quality, theirs };
  });
  const clear = pairs.filter(({ theirs }) => theirs.quality >= CLEAR_QUALITY);
  const distances = clear.map(({ ours, theirs }) => hexDistance(ours, theirs.hash)).sort((a, b) => a - b);
  return {
    clip: name,
    codec,
    size: `${width}x${height}`,
    frames: frames.length,
    compared: distances.length,
    median: distances[distances.length >> 1],
    most: distances.at(-1) ?? Number.NaN,
    'quality differs by': Math.max(...clear.map(({ quality, theirs }) => Math.abs(quality - theirs.quality))),
  };
}
