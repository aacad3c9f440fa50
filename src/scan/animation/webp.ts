/**
 * Cuts an animated WebP into stills: the bitstream of each frame in a container of its own.
 *
 * WebP container specification (RFC 9649, 2.7): `VP8X`, `ANMF`, `ALPH`, `VP8 `, `VP8L`.
 * @module
 */
import { joined } from './joined.js';
import type { StillFrame, StillFrames } from './types.js';

const PIXELS = new Set(['ALPH', 'VP8 ', 'VP8L']);
const ALPHA_FLAG = 0x10;

/**
 * @param bytes - a WebP with the animation flag
 * @param maxFrames - frames after which the rest is left
 * @returns its frames up to where it ends or is cut off
 */
export function splitWebp(bytes: Uint8Array, maxFrames: number): StillFrames {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const split: StillFrames = { width: 0, height: 0, frames: [], cut: true };
  if (bytes.length < 12) return split;
  const riffEnd = 8 + view.getUint32(4, true);
  const end = Math.min(riffEnd, bytes.length);
  for (const { type, start, stop, whole } of chunks(bytes, view, 12, end)) {
    if (type === 'VP8X' && stop - start >= 10) {
      split.width = uint24(view, start + 4) + 1;
      split.height = uint24(view, start + 7) + 1;
    } else if (type === 'ANMF' && stop - start >= 16) {
      if (!whole || split.frames.length >= maxFrames) return split;
      split.frames.push(frameOf(bytes, view, start, stop));
    }
  }
  split.cut = riffEnd > bytes.length;
  return split;
}

interface Chunk {
  type: string;
  start: number;
  stop: number;
  /** False where the container ends before the chunk does. */
  whole: boolean;
}

function* chunks(bytes: Uint8Array, view: DataView, from: number, end: number): Generator<Chunk, void, void> {
  for (let at = from; at + 8 <= end; ) {
    const length = view.getUint32(at + 4, true);
    const type = String.fromCharCode(...bytes.subarray(at, at + 4));
    const start = at + 8;
    yield { type, start, stop: Math.min(start + length, end), whole: start + length <= end };
    at = start + length + (length & 1);
  }
}

const uint24 = (view: DataView, at: number) => view.getUint16(at, true) | (view.getUint8(at + 2) << 16);

function frameOf(bytes: Uint8Array, view: DataView, start: number, stop: number): StillFrame {
  const width = uint24(view, start + 6) + 1;
  const height = uint24(view, start + 9) + 1;
  const flags = view.getUint8(start + 15);
  return {
    left: uint24(view, start) * 2,
    top: uint24(view, start + 3) * 2,
    width,
    height,
    after: flags & 1 ? 'clear' : 'keep',
    blend: flags & 2 ? 'replace' : 'over',
    file() {
      const parts = [...chunks(bytes, view, start + 16, stop)].filter(({ type }) => PIXELS.has(type));
      const pieces = parts.map(({ type, start, stop }) => chunk(type, bytes.subarray(start, stop)));
      if (parts.some(({ type }) => type === 'ALPH')) {
        const extended = new Uint8Array(10);
        extended[0] = ALPHA_FLAG;
        extended.set([...bytes24(width - 1), ...bytes24(height - 1)], 4);
        pieces.unshift(chunk('VP8X', extended));
      }
      return chunk('RIFF', joined([[0x57, 0x45, 0x42, 0x50], ...pieces]));
    },
  };
}

const bytes24 = (value: number) => [value & 255, (value >> 8) & 255, value >> 16];

function chunk(type: string, body: Uint8Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(8 + body.length + (body.length & 1));
  for (let i = 0; i < 4; i++) bytes[i] = type.charCodeAt(i);
  new DataView(bytes.buffer).setUint32(4, body.length, true);
  bytes.set(body, 8);
  return bytes;
}
