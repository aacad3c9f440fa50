/**
 * Reading a whole file into memory.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { PublisherError, systemReason } from './errors.js';

/**
 * @param path - a file's path
 * @returns its bytes
 * @throws PublisherError `input-unreadable`
 */
export async function readWhole(path: string): Promise<Uint8Array> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new PublisherError('input-unreadable', `${path}: ${systemReason(cause)}`, { cause });
  }
}
