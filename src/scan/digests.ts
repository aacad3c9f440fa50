/**
 * Exact digests of a file in one streaming pass, only those that a loaded list uses. In WebAssembly; in JavaScript where a
 * content security policy forbids that.
 * @module
 */
import { md5, sha1 } from '@noble/hashes/legacy.js';
import { sha256 } from '@noble/hashes/sha2.js';
import { createMD5, createSHA1, createSHA256 } from 'hash-wasm';
import type { ExactSignal } from '../snapshot/types.js';
import { readSlice } from './read.js';

/** Bytes read at a time: large enough for speed, small beside any device's memory. */
const CHUNK_BYTES = 2 * 1024 * 1024;

/** What both libraries offer. */
interface Hasher {
  update(chunk: Uint8Array): unknown;
  digest(): Uint8Array;
}

const IN_WASM = { md5: createMD5, sha1: createSHA1, sha256: createSHA256 };
const IN_JAVASCRIPT = { md5, sha1, sha256 };

async function createHasher(signal: ExactSignal): Promise<Hasher> {
  try {
    const hasher = (await IN_WASM[signal]()).init();
    return { update: (chunk) => hasher.update(chunk), digest: () => hasher.digest('binary') };
  } catch {
    return IN_JAVASCRIPT[signal].create();
  }
}

/** How a long pass reports and is stopped. */
export interface PassControl {
  /** True once the pass should end early. */
  isCancelled(): boolean;
  /** Told 0 to 1. */
  onProgress(fraction: number): void;
}

/**
 * @param file - any file, of any size; never more than two chunks of it are in memory
 * @param signals - the digests to compute
 * @param control - progress and cancellation
 * @returns the digests as bytes, or null when cancelled
 * @throws CheckFailure `unreadable`
 */
export async function digestFile(
  file: Blob,
  signals: Iterable<ExactSignal>,
  control: PassControl,
): Promise<Map<ExactSignal, Uint8Array> | null> {
  const hashers = new Map<ExactSignal, Hasher>();
  for (const signal of signals) hashers.set(signal, await createHasher(signal));
  for (let start = 0; start < file.size; start += CHUNK_BYTES) {
    if (control.isCancelled()) return null;
    const chunk = await readSlice(file, start, start + CHUNK_BYTES);
    for (const hasher of hashers.values()) hasher.update(chunk);
    control.onProgress(Math.min(1, (start + CHUNK_BYTES) / file.size));
  }
  const digests = new Map<ExactSignal, Uint8Array>();
  for (const [signal, hasher] of hashers) digests.set(signal, hasher.digest());
  return digests;
}
