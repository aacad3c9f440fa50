/**
 * Reading a file's bytes, with one kind of failure.
 * @module
 */
import { CheckFailure } from './types.js';

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
