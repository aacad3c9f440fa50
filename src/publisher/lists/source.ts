/**
 * Where the bytes of lists come from: files and standard input.
 * @module
 */
import { createReadStream, statSync } from 'node:fs';
import { PublisherError, systemReason } from '../errors.js';
import type { ListSource } from './types.js';

const CHUNK_BYTES = 1024 * 1024;

/**
 * @param path - a file's path
 * @returns its bytes as a stream
 */
export function fileSource(path: string): ListSource {
  const bytes = sizeOf(path);
  return {
    name: path,
    ...(bytes === undefined ? {} : { bytes }),
    open: () => readable(path, createReadStream(path, { highWaterMark: CHUNK_BYTES })),
  };
}

/**
 * @param stdin - the stream to read; opened only when its turn comes
 * @returns standard input, called `-`
 */
export function stdinSource(stdin: () => AsyncIterable<Uint8Array | string>): ListSource {
  return { name: '-', open: () => readable('standard input', stdin()) };
}

/**
 * @param name - what remarks call it
 * @param bytes - the list's text
 * @returns bytes in memory as a source
 */
export function bytesSource(name: string, bytes: Uint8Array): ListSource {
  return {
    name,
    bytes: bytes.length,
    open: async function* () {
      yield bytes;
    },
  };
}

async function* readable(
  name: string,
  stream: AsyncIterable<Uint8Array | string>,
): AsyncGenerator<Uint8Array> {
  try {
    for await (const chunk of stream) yield typeof chunk === 'string' ? Buffer.from(chunk) : chunk;
  } catch (cause) {
    throw new PublisherError('input-unreadable', `${name}: ${systemReason(cause)}`, { cause });
  }
}

function sizeOf(path: string): number | undefined {
  try {
    const stat = statSync(path);
    return stat.isFile() ? stat.size : undefined;
  } catch {
    return undefined; // opening it will say why
  }
}
