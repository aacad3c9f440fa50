/**
 * Near look-up with the probe engine in WebAssembly: lays a list's filter, codes and index out in the kernel's
 * memory. wasm/near.kernel.ts is the other side and has the ABI; src/snapshot/probe.ts is the reference.
 * @module
 */
import { makeBloomFilter } from '../snapshot/bloom.js';
import { requireSection } from '../snapshot/exact-set.js';
import { NearKeys } from '../snapshot/keyed.js';
import { type NearSet, type NearSetOptions, ProbingNearSet } from '../snapshot/near-set.js';
import type { ProbeEngine } from '../snapshot/probe.js';
import { parentsEnd, type Schedule } from '../snapshot/schedule.js';
import type { SectionView, Snapshot, VideoSection } from '../snapshot/types.js';
import { ProbingVideoSet, type VideoSet } from '../snapshot/video-set.js';
import { WASM_BASE64 } from './generated/near.wasm.js';
import { loadWasmKernel } from './wasm-loader.js';

/** What wasm/near.kernel.ts exports. Pointers are byte offsets into `memory`. */
export interface NearWasmExports {
  memory: WebAssembly.Memory;
  heapBase(): number;
  scratchBytes(): number;
  setCodes(codes: number, count: number, riceParameter: number, index: number, shift: number): void;
  setFilter(filter: number, blocks: number): void;
  buildFilter(): void;
  setKeys(key0: number, key1: number, planes: number, tail: number): void;
  setScratch(scratch: number, fingerprintBits: number): void;
  setRuns(runs: number, starts: number, parents: number, ranks: number, flips: number): void;
  setKept(kept: number, stride: number): void;
  begin(end: number, keptEnd: number): void;
  next(from: number): number;
  first(): number;
  found(): number;
}

const PAGE_BYTES = 65536;
/** Reads and stores go this far behind the last code, and the last key of a plane. */
const SLACK_BYTES = 32;

/**
 * Opens a list's PDQ section with the engine in WebAssembly.
 * @param snapshot - that was read
 * @param options - as of `openNearSet`
 * @returns the set, or null where the platform has no WebAssembly with SIMD, refuses it, or gives it too little memory
 * @throws RangeError where the snapshot has no PDQ section
 */
export async function openNearSetWasm(
  snapshot: Snapshot,
  options: NearSetOptions = {},
): Promise<NearSet | null> {
  const section = requireSection(snapshot, 'pdq');
  return withEngine(
    snapshot,
    section,
    (keys, engine) => new ProbingNearSet('wasm-simd', snapshot, keys, engine, options),
  );
}

/**
 * Opens a list's videos with the engine in WebAssembly.
 * @param snapshot - that was read, with a section of videos
 * @param videos - that section
 * @returns the set, or null where {@link openNearSetWasm} gives null
 */
export async function openVideoSetWasm(snapshot: Snapshot, videos: VideoSection): Promise<VideoSet | null> {
  return withEngine(
    snapshot,
    videos.frames,
    (keys, engine) => new ProbingVideoSet('wasm-simd', snapshot, videos, keys, engine),
  );
}

async function withEngine<T>(
  { header }: Snapshot,
  section: SectionView,
  open: (keys: NearKeys, engine: ProbeEngine) => T,
): Promise<T | null> {
  const { exports } = await loadWasmKernel<NearWasmExports>(WASM_BASE64);
  if (exports === null) return null;
  const keys = new NearKeys(header);
  try {
    return open(keys, new WasmProbeEngine(exports, section, keys));
  } catch (error) {
    // What `grow` throws where memory is short; the reference needs less of it in one piece.
    if (error instanceof RangeError) return null;
    throw error;
  }
}

/** The engine of one list. */
class WasmProbeEngine implements ProbeEngine {
  readonly #wasm: NearWasmExports;
  readonly #keys: NearKeys;
  /** Words of a key that differ from key to key: all of its blocks, but for a last one of its length alone. */
  readonly #planes: number;
  /** Where the list's own data end. */
  readonly #listEnd: number;
  #schedule: Schedule | undefined;
  #flips = 0;
  #kept = 0;
  #keptCapacity = 0;

  constructor(wasm: NearWasmExports, section: SectionView, keys: NearKeys) {
    this.#wasm = wasm;
    this.#keys = keys;
    const keyBits = keys.keyPositions.length;
    this.#planes = Math.ceil(keyBits / 32);
    const { blocks, words } = makeBloomFilter(section.count);

    const scratch = wasm.heapBase();
    const filter = aligned(scratch + wasm.scratchBytes());
    const codes = aligned(filter + words.byteLength);
    const index = aligned(codes + section.codes.length + SLACK_BYTES);
    this.#listEnd = aligned(index + section.index.words.byteLength);
    this.#reserve(this.#listEnd);
    new Uint8Array(wasm.memory.buffer).set(section.codes, codes);
    this.#write(index, section.index.words);

    const [key0, key1] = keys.fingerprintKey;
    const tail = this.#planes < keys.blockCount ? (keyBits / 8) << 24 : 0;
    wasm.setScratch(scratch, section.fingerprintBits);
    wasm.setCodes(codes, section.count, section.riceParameter, index, section.index.shift);
    wasm.setKeys(key0, key1, this.#planes, tail);
    wasm.setFilter(filter, blocks);
    wasm.buildFilter();
  }

  get first(): number {
    return this.#wasm.first();
  }

  get found(): number {
    return this.#wasm.found();
  }

  begin(key: Uint32Array, order: Uint8Array, schedule: Schedule, end: number): void {
    const keptEnd = parentsEnd(schedule, end);
    if (schedule !== this.#schedule || keptEnd > this.#keptCapacity) this.#layOut(schedule, keptEnd);
    const stride = this.#stride();
    const { buffer } = this.#wasm.memory;
    const flips = new Uint32Array(buffer, this.#flips, (order.length + 1) * this.#planes).fill(0);
    order.forEach((bit, i) => {
      flips[(i + 1) * this.#planes + (bit >>> 5)] = 1 << (bit & 31);
    });
    for (let plane = 0; plane < this.#planes; plane++) {
      new Uint32Array(buffer, this.#kept + plane * stride, 1)[0] = key[plane];
    }
    this.#wasm.begin(end, keptEnd);
  }

  next(from: number): number {
    return this.#wasm.next(from);
  }

  /** Puts a schedule, and room for its keys, behind the list. */
  #layOut(schedule: Schedule, keptEnd: number): void {
    const { start, parent, rank } = schedule;
    const starts = this.#listEnd;
    const parents = aligned(starts + start.byteLength);
    const ranks = aligned(parents + parent.byteLength);
    this.#flips = aligned(ranks + rank.byteLength);
    this.#kept = aligned(this.#flips + (this.#keys.keyPositions.length + 1) * this.#planes * 4);
    this.#keptCapacity = keptEnd;
    this.#reserve(this.#kept + this.#planes * this.#stride());
    this.#write(starts, start);
    this.#write(parents, parent);
    new Uint8Array(this.#wasm.memory.buffer).set(rank, ranks);
    this.#wasm.setRuns(rank.length, starts, parents, ranks, this.#flips);
    this.#wasm.setKept(this.#kept, this.#stride());
    this.#schedule = schedule;
  }

  /** Bytes of a plane of kept keys. */
  #stride(): number {
    return aligned(this.#keptCapacity * 4 + SLACK_BYTES);
  }

  #reserve(end: number): void {
    const missing = end - this.#wasm.memory.buffer.byteLength;
    if (missing > 0) this.#wasm.memory.grow(Math.ceil(missing / PAGE_BYTES));
  }

  #write(pointer: number, words: Uint32Array): void {
    new Uint32Array(this.#wasm.memory.buffer, pointer, words.length).set(words);
  }
}

function aligned(pointer: number): number {
  return Math.ceil(pointer / 16) * 16;
}
