/**
 * Lists for tests, all made up, and a second, slow reading of docs/snapshot-format.md to compare with.
 * @module
 */
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { halfSipHash, messageBlocks } from '../../src/snapshot/half-sip-hash.js';
import { defaultParameters, type ParameterChoice } from '../../src/snapshot/parameters.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import { labelTable } from '../../src/snapshot/text.js';
import {
  type ListParameters,
  SIGNAL_BYTES,
  SIGNALS,
  type Signal,
  type SnapshotHeader,
  type VideoThresholds,
} from '../../src/snapshot/types.js';
import { type VideoFrames, videosFromFrames } from '../../src/snapshot/video-section.js';

/** Uniform 32-bit numbers, the same for the same seed (xorshift32, seed not 0). */
export function randomWords(seed: number): () => number {
  let state = seed | 0;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

/** Bytes that are the same for the same seed. */
export function randomBytes(length: number, seed: number): Uint8Array {
  const next = randomWords(seed);
  const words = new Uint32Array(Math.ceil(length / 4)).map(() => next());
  return new Uint8Array(words.buffer, 0, length);
}

/** A hash with its label. */
export interface Listed {
  hash: Uint8Array;
  label: string;
}

/** Parameters with a fixed salt. */
export function parametersOf(choice: Partial<ParameterChoice> = {}): ListParameters {
  // Layout and widths are fixed here, so that tests of other things don't depend on today's defaults.
  return defaultParameters({
    capacity: 1024,
    salt: randomBytes(16, 7),
    layout: 1,
    sketchBits: 64,
    ...choice,
  });
}

/** A header of a list with a name. */
export function headerOf(parameters: ListParameters, more: Partial<SnapshotHeader> = {}): SnapshotHeader {
  return { ...parameters, name: 'test', version: 3, createdSeconds: 1_700_000_000, demo: false, ...more };
}

/** Videos with their labels, and when they match. */
export interface ListedVideos {
  videos: readonly (Omit<VideoFrames, 'labelId'> & { label: string })[];
  thresholds: VideoThresholds;
}

/** The whole way from labelled hashes to a file. */
export function buildSnapshot(
  header: SnapshotHeader,
  lists: Partial<Record<Signal, readonly Listed[]>>,
  listed?: ListedVideos,
): Uint8Array {
  const used = SIGNALS.filter((signal) => lists[signal] !== undefined);
  const videoLabels = (listed?.videos ?? []).map(({ label }) => label);
  const table = labelTable([
    ...used.flatMap((signal) => lists[signal]!.map(({ label }) => label)),
    ...videoLabels,
  ]);
  let at = 0;
  const sections = used.map((signal) => {
    const list = lists[signal]!;
    const hashes = Uint8Array.from(list.flatMap(({ hash }) => [...hash]));
    const ids = table.ids.slice(at, (at += list.length));
    return sectionFromHashes(header, signal, hashes, ids);
  });
  const videos = listed?.videos.map((video, i) => ({ ...video, labelId: table.ids[at + i] }));
  const entries = videos && videosFromFrames(header, videos, listed!.thresholds);
  return encodeSnapshot(header, table.labels, sections, entries);
}

/** `count` different made-up hashes without labels. */
export function randomList(signal: Signal, count: number, seed: number): Listed[] {
  const bytes = randomBytes(count * SIGNAL_BYTES[signal], seed);
  return Array.from({ length: count }, (_, i) => ({
    hash: bytes.slice(i * SIGNAL_BYTES[signal], (i + 1) * SIGNAL_BYTES[signal]),
    label: '',
  }));
}

/** An entry as it is stored. */
export interface StoredEntry {
  fingerprint: bigint;
  /** Sealed sketch, hexadecimal. */
  sketch: string;
  label: number;
}

function keyedHash(key: Uint8Array, message: readonly number[]): Uint8Array {
  const words = new Uint32Array(key.slice().buffer);
  const output = new Uint32Array(2);
  const blocks = messageBlocks(Uint8Array.from(message));
  halfSipHash(words[0], words[1], blocks, blocks.length, output);
  return new Uint8Array(output.buffer);
}

function bigIntOf(bytes: Uint8Array): bigint {
  return bytes.reduceRight((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

/** Clauses 4 and 5, word for word. `order` is the frequency order, `places` the key's places in it. */
export function storedPdq(parameters: ListParameters, hash: Uint8Array, label: number): StoredEntry {
  const { salt, keyBits, sketchBits, nearFingerprintBits, layout } = parameters;
  const bitOf = (j: number) => (hash[j >> 3] >> (j & 7)) & 1;
  const order: number[] = [];
  const penalty = (row: number, column: number) => (layout === 5 && row * column === 0 ? 6 : 0);
  for (let sum = 0; sum <= 36; sum++) {
    for (let row = 0; row < 16; row++) {
      for (let column = 0; column < 16; column++) {
        if (row + column + penalty(row, column) === sum) order.push(row * 16 + column);
      }
    }
  }
  const places = [
    (i: number) => i,
    (i: number) => 16 + i,
    (i: number) => 2 * i,
    (i: number) => 32 + i,
    (i: number) => i,
  ];
  const place = places[layout - 1];
  const keyPositions = Array.from({ length: keyBits }, (_, i) => order[place(i)]);
  const rest = order.filter((j) => !keyPositions.includes(j));
  const sketchPositions = Array.from(
    { length: sketchBits },
    (_, i) => rest[Math.floor(((i + 0.5) * (256 - keyBits)) / sketchBits)],
  );
  const pack = (positions: number[]) =>
    Array.from({ length: positions.length / 8 }, (_, i) =>
      positions.slice(i * 8, i * 8 + 8).reduce((sum, j, bit) => sum | (bitOf(j) << bit), 0),
    );
  const key = pack(keyPositions);
  const pad: number[] = [];
  for (let counter = 0; pad.length < sketchBits / 8; counter++) {
    pad.push(...keyedHash(salt.subarray(8), [...key, counter]));
  }
  const sealed = pack(sketchPositions).map((byte, i) => byte ^ pad[i]);
  const fingerprint = bigIntOf(keyedHash(salt.subarray(0, 8), key)) % (1n << BigInt(nearFingerprintBits));
  return { fingerprint, sketch: Buffer.from(sealed).toString('hex'), label };
}

/** Clause 4.5. */
export function storedDigest(
  parameters: ListParameters,
  signal: Signal,
  digest: Uint8Array,
  label: number,
): StoredEntry {
  const kind = { md5: 1, sha1: 2, sha256: 3, pdq: 4 }[signal];
  const output = keyedHash(parameters.salt.subarray(0, 8), [...digest, kind]);
  return {
    fingerprint: bigIntOf(output) % (1n << BigInt(parameters.exactFingerprintBits)),
    sketch: '',
    label,
  };
}

/** The order of clause 3.1. */
export function compareStored(a: StoredEntry, b: StoredEntry): number {
  if (a.fingerprint !== b.fingerprint) return a.fingerprint < b.fingerprint ? -1 : 1;
  if (a.sketch !== b.sketch) return a.sketch < b.sketch ? -1 : 1;
  return a.label - b.label;
}

/** The sections of a file, read after clauses 2 and 3 with big integers and strings of bits. Nothing is checked. */
export function readSections(file: Uint8Array): { kind: number; entries: StoredEntry[] }[] {
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const labelCount = view.getUint16(58, true);
  const labelBits = labelCount <= 1 ? 0 : Math.ceil(Math.log2(labelCount));
  return Array.from({ length: file[57] }, (_, i) => {
    const row = 64 + i * 16;
    const kind = view.getUint16(row, true);
    const offset = view.getUint32(row + 4, true);
    const bytes = file.subarray(offset, offset + view.getUint32(row + 8, true));
    const count = view.getUint32(row + 12, true);
    const sketchBytes = kind === 4 ? file[54] / 8 : 0;
    const labelBytes = Math.ceil((count * labelBits) / 8);
    const codeBytes = bytes.length - labelBytes - sketchBytes * count;
    const bits = (part: Uint8Array) =>
      Array.from(part, (byte) => byte.toString(2).padStart(8, '0').split('').reverse().join('')).join('');
    const numberOf = (text: string) => (text === '' ? 0n : BigInt('0b' + text.split('').reverse().join('')));
    const codes = bits(bytes.subarray(0, codeBytes));
    const labels = bits(bytes.subarray(bytes.length - labelBytes));
    const k = (kind === 4 ? file[55] : file[56]) - (count === 0 ? 0 : count.toString(2).length);
    let at = 0;
    let fingerprint = 0n;
    const entries = Array.from({ length: count }, (_, n) => {
      const one = codes.indexOf('1', at);
      fingerprint += BigInt(one - at) * (1n << BigInt(k)) + numberOf(codes.slice(one + 1, one + 1 + k));
      at = one + 1 + k;
      const sketch = bytes.subarray(codeBytes + n * sketchBytes, codeBytes + (n + 1) * sketchBytes);
      const label = Number(numberOf(labels.slice(n * labelBits, (n + 1) * labelBits)));
      return { fingerprint, sketch: Buffer.from(sketch).toString('hex'), label };
    });
    return { kind, entries };
  });
}
