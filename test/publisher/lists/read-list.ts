import type { ListReader, Skipped } from '../../../src/publisher/lists/types.js';

/** What a reader made of files. */
export interface Read {
  /** `signal hex label`, in the order of arrival. */
  entries: string[];
  /** `file:line: message`, files numbered from 1. */
  problems: string[];
  skipped: Partial<Record<Skipped, number>>;
  notes: string[];
}

/** Reads files in turn and finishes. */
export async function readList(
  reader: ListReader,
  files: readonly (string | Uint8Array)[],
  chunkBytes = 1 << 20,
): Promise<Read> {
  const result: Read = { entries: [], problems: [], skipped: {}, notes: [] };
  for (const [i, content] of files.entries()) {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    }
    await reader.read(chunks(), {
      entry: (signal, hash, label) =>
        result.entries.push(`${signal} ${Buffer.from(hash).toString('hex')} ${label}`.trim()),
      problem: (line, message) =>
        result.problems.push(`${i + 1}:${line}: ${typeof message === 'string' ? message : message()}`),
      skipped: (what) => {
        result.skipped[what] = (result.skipped[what] ?? 0) + 1;
      },
      note: (message) => result.notes.push(message),
    });
  }
  reader.finish?.();
  return result;
}

/** A made-up hash of so many hex digits. */
export const made = (digits: number, seed = 0) =>
  Array.from({ length: digits }, (_, i) => ((i * 7 + seed * 5 + 3) % 16).toString(16)).join('');
export const MD5 = made(32);
export const SHA1 = made(40, 1);
export const SHA256 = made(64, 2);
export const PDQ = made(64, 3);
