/**
 * Small snapshots for tests, built with the snapshot room itself.
 * @module
 */
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { defaultParameters } from '../../src/snapshot/parameters.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import { SIGNAL_BYTES, type Signal } from '../../src/snapshot/types.js';

/** What a test list holds: hashes as hex, by signal, each with an optional label. */
export interface TestListOptions {
  name?: string;
  version?: number;
  demo?: boolean;
  createdSeconds?: number;
  hashes?: Partial<Record<Signal, readonly (string | { hash: string; label: string })[]>>;
  /** Random PDQ hashes besides. */
  pdqDecoys?: number;
  sketchBits?: number;
  /** Default: a little more than the decoys, so lists of different sizes have different parameters. */
  capacity?: number;
}

/** A fast, seeded, uniform source of bytes (xorshift32). */
export function seededBytes(length: number, seed: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(length);
  let state = seed | 1;
  for (let i = 0; i < length; i++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    bytes[i] = state >>> 11;
  }
  return bytes;
}

/** A PDQ hash's 64 hex digits list its bytes from the last to the first; a digest's from the first. */
export function hexToBytes(hex: string, signal: Signal): Uint8Array {
  const bytes = Uint8Array.from(Buffer.from(hex, 'hex'));
  return signal === 'pdq' ? bytes.reverse() : bytes;
}

/** @returns the bytes of a snapshot */
export function makeList(options: TestListOptions = {}): Uint8Array<ArrayBuffer> {
  const { name = 'test list', version = 1, demo = false, hashes = {}, pdqDecoys = 0 } = options;
  const signals = new Set(Object.keys(hashes) as Signal[]);
  if (pdqDecoys > 0) signals.add('pdq');
  const labelOf = (entry: string | { label: string }) => (typeof entry === 'string' ? '' : entry.label);
  const labels = [
    ...new Set(Object.values(hashes).flatMap((entries) => entries.map(labelOf))),
    ...(pdqDecoys > 0 ? [''] : []),
  ]
    .filter((label, i, all) => all.indexOf(label) === i)
    .sort();
  const parameters = defaultParameters({
    capacity: options.capacity ?? Math.max(1024, pdqDecoys + 1024),
    salt: seededBytes(16, 7),
    ...(options.sketchBits === undefined ? {} : { sketchBits: options.sketchBits }),
  });
  const sections = [...signals].map((signal) => {
    const entries = hashes[signal] ?? [];
    const decoys = signal === 'pdq' ? seededBytes(pdqDecoys * 32, 99) : new Uint8Array(0);
    const size = SIGNAL_BYTES[signal];
    const bytes = new Uint8Array(entries.length * size + decoys.length);
    const ids = new Uint16Array(bytes.length / size).fill(Math.max(0, labels.indexOf('')));
    entries.forEach((entry, i) => {
      bytes.set(hexToBytes(typeof entry === 'string' ? entry : entry.hash, signal), i * size);
      ids[i] = labels.indexOf(labelOf(entry));
    });
    bytes.set(decoys, entries.length * size);
    return sectionFromHashes(parameters, signal, bytes, ids);
  });
  const header = {
    ...parameters,
    name,
    version,
    demo,
    createdSeconds: options.createdSeconds ?? 1_700_000_000,
  };
  return encodeSnapshot(header, labels, sections) as Uint8Array<ArrayBuffer>;
}
