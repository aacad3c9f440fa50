/**
 * Cuts a GIF into stills: each frame with its own colours becomes a GIF of one frame, which the platform decodes.
 *
 * GIF89a specification: blocks (15), logical screen (18), image descriptor (20), graphic control (23).
 * @module
 */
import { joined } from './joined.js';
import type { StillFrame, StillFrames } from './types.js';

const TRAILER = 0x3b;
const IMAGE = 0x2c;
const EXTENSION = 0x21;
const GRAPHIC_CONTROL = 0xf9;

/** What a graphic control extension says of the next image. */
interface GraphicControl {
  disposal: number;
  transparentIndex: number | null;
}

/**
 * @param bytes - a GIF
 * @param maxFrames - frames after which the rest is left
 * @returns its frames up to where it ends or stops being a GIF
 */
export function splitGif(bytes: Uint8Array, maxFrames: number): StillFrames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const split: StillFrames = { width: 0, height: 0, frames: [], cut: true };
  if (bytes.length < 13) return split;
  split.width = view.getUint16(6, true);
  split.height = view.getUint16(8, true);
  const globalColours = bytes.subarray(13, 13 + colourBytes(bytes[10]));
  const globalPacked = bytes[10];
  let at = 13 + globalColours.length;
  let control: GraphicControl | null = null;
  while (at < bytes.length) {
    const block = bytes[at];
    if (block === TRAILER) {
      split.cut = false;
      return split;
    }
    if (block === EXTENSION) {
      if (bytes[at + 1] === GRAPHIC_CONTROL && at + 7 <= bytes.length) {
        const packed = bytes[at + 3];
        control = { disposal: (packed >> 2) & 7, transparentIndex: packed & 1 ? bytes[at + 6] : null };
      }
      at = skipSubBlocks(bytes, at + 2);
      continue;
    }
    // Not a block, or no room for one: decoders stop here too.
    if (block !== IMAGE || at + 10 > bytes.length || split.frames.length >= maxFrames) return split;
    const packed = bytes[at + 9];
    const local = bytes.subarray(at + 10, at + 10 + colourBytes(packed));
    const dataStart = at + 10 + local.length;
    at = skipSubBlocks(bytes, dataStart + 1);
    const width = view.getUint16(dataStart - local.length - 5, true);
    const height = view.getUint16(dataStart - local.length - 3, true);
    const colours = local.length > 0 ? local : globalColours;
    const colourBits = (local.length > 0 ? packed : globalPacked) & 7;
    const data = bytes.subarray(dataStart, at);
    const transparentIndex = control?.transparentIndex ?? null;
    split.frames.push({
      left: view.getUint16(dataStart - local.length - 9, true),
      top: view.getUint16(dataStart - local.length - 7, true),
      width,
      height,
      after: control?.disposal === 2 ? 'clear' : control?.disposal === 3 ? 'restore' : 'keep',
      blend: 'over',
      file: () => still(width, height, colourBits, colours, transparentIndex, (packed & 0x40) !== 0, data),
    } satisfies StillFrame);
    control = null;
  }
  return split;
}

const colourBytes = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);

/** The place behind a chain of sub-blocks, at most the end of the bytes. */
function skipSubBlocks(bytes: Uint8Array, start: number): number {
  let at = start;
  while (at < bytes.length && bytes[at] !== 0) at += bytes[at] + 1;
  return Math.min(at + 1, bytes.length);
}

function still(
  width: number,
  height: number,
  colourBits: number,
  colours: Uint8Array,
  transparentIndex: number | null,
  interlaced: boolean,
  data: Uint8Array,
): Uint8Array<ArrayBuffer> {
  const low = (value: number) => value & 255;
  const high = (value: number) => value >> 8;
  const size = [low(width), high(width), low(height), high(height)];
  const head = [
    0x47,
    0x49,
    0x46,
    0x38,
    0x39,
    0x61,
    ...size,
    colours.length > 0 ? 0x80 | colourBits : 0,
    0,
    0,
  ];
  const control =
    transparentIndex === null ? [] : [EXTENSION, GRAPHIC_CONTROL, 4, 1, 0, 0, transparentIndex, 0];
  const descriptor = [IMAGE, 0, 0, 0, 0, ...size, interlaced ? 0x40 : 0];
  return joined([head, colours, control, descriptor, data, [TRAILER]]);
}
