/**
 * Files on disk as `Blob`s, for the pipeline.
 *
 * Node's own `fs.openAsBlob` counts a file's bytes in 32 bits (seen in Node 20: a file of 5 GiB became one of
 * 1 GiB), so digests of large files would be those of other files.
 * @module
 */
import { type FileHandle, open } from 'node:fs/promises';
import { PublisherError, systemReason } from './errors.js';

const STREAM_BYTES = 1024 * 1024;

/** An open file, and what has to be closed after use. */
export interface OpenFile {
  /** The file's bytes as they are when they are read, up to the size that it had when it was opened. */
  readonly blob: Blob;
  close(): Promise<void>;
}

/**
 * @param path - a regular file
 * @returns the file as a Blob; reading it after `close` fails
 * @throws PublisherError `input-unreadable`
 */
export async function openFile(path: string): Promise<OpenFile> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(path, 'r');
    const stat = await handle.stat();
    if (stat.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (!stat.isFile()) throw new Error('not a regular file');
    const opened = handle;
    return { blob: new FileBlob(opened, 0, stat.size), close: () => opened.close() };
  } catch (cause) {
    await handle?.close();
    throw new PublisherError('input-unreadable', `${path}: ${systemReason(cause)}`, { cause });
  }
}

/** The part of `Blob` that reads, over a range of a file. */
class FileBlob implements Blob {
  readonly #handle: FileHandle;
  readonly #start: number;
  readonly size: number;
  readonly type: string;

  constructor(handle: FileHandle, start: number, size: number, type = '') {
    this.#handle = handle;
    this.#start = start;
    this.size = size;
    this.type = type;
  }

  slice(start = 0, end = this.size, type = ''): Blob {
    const clamp = (at: number) => Math.min(this.size, at < 0 ? Math.max(0, this.size + at) : at);
    const from = clamp(start);
    return new FileBlob(this.#handle, this.#start + from, Math.max(0, clamp(end) - from), type);
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(this.size);
    let filled = 0;
    while (filled < this.size) {
      const { bytesRead } = await this.#handle.read(bytes, filled, this.size - filled, this.#start + filled);
      if (bytesRead === 0) throw new Error('the file ended early');
      filled += bytesRead;
    }
    return bytes;
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    return (await this.bytes()).buffer;
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.bytes());
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = 0;
    return new ReadableStream({
      pull: async (controller) => {
        const part = this.slice(at, at + STREAM_BYTES) as FileBlob;
        if (part.size === 0) return controller.close();
        controller.enqueue(await part.bytes());
        at += part.size;
      },
    });
  }
}
