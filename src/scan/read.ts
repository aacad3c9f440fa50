/**
 * Reading a file's bytes, with one kind of failure.
 * @module
 */
import { CheckFailure } from './types.js';

/** Bytes of a walk read at a time. */
const PIECE_BYTES = 64 * 1024;

/** Pieces of a walk read at most: 256 MiB, more than a picture within the limits of pixels takes. */
const MAX_PIECES = 4096;

/**
 * Reads part of a file.
 * @param file - the file
 * @param start - first byte
 * @param end - byte after the last; may lie beyond the file's end
 * @throws CheckFailure `unreadable`
 */
export async function readSlice(file: Blob, start: number, end: number): Promise<Uint8Array> {
  try {
    // A vanished file can claim to be empty (Chromium looks at the disk late); a slice of nothing would read as fine.
    const part = file.size === 0 ? file : file.slice(start, end);
    const bytes = new Uint8Array(await part.arrayBuffer());
    if (bytes.length !== Math.max(0, Math.min(end, file.size) - start))
      throw new Error('the file ended early');
    return bytes;
  } catch (cause) {
    // A file that changed, vanished or lost its permission since it was picked.
    throw new CheckFailure('unreadable', 'the file could not be read', { cause });
  }
}

/** A file, read forwards in pieces. */
export interface Walk {
  readonly size: number;
  /**
   * @param at - place in the file
   * @param count - bytes wanted, far fewer than a piece
   * @returns a view from `at` to the end of the piece in memory, at least `count` bytes; null where the file ends
   * before, or too much of it has been read
   * @throws CheckFailure `unreadable`
   */
  from(at: number, count: number): Promise<Uint8Array | null>;
}

/**
 * @param file - the file
 * @returns a walk that holds one piece of it at a time
 */
export function walkThrough(file: Blob): Walk {
  let start = 0;
  let piece: Uint8Array = new Uint8Array();
  let pieces = 0;
  return {
    size: file.size,
    async from(at, count) {
      if (at < 0 || at + count > file.size) return null;
      if (at < start || at + count > start + piece.length) {
        if (++pieces > MAX_PIECES) return null;
        start = at;
        piece = await readSlice(file, at, at + PIECE_BYTES);
      }
      return piece.subarray(at - start);
    },
  };
}
