/**
 * The near-match search with SIMD: which patterns of the schedule turn a query's key into one that is listed?
 * src/snapshot/probe.ts is the reference in TypeScript; the host is src/kernels/near-wasm.ts. One instance serves one
 * list.
 *
 * ABI. All pointers are offsets into `memory`, multiples of 16, from `heapBase()` on, laid out by the host:
 *
 * | what | bytes | set by |
 * |---|---|---|
 * | codes of the section | their length + 16 | setCodes |
 * | its index, 4 u32 a range | 16 x ranges | setCodes |
 * | filter, zero | 8 x blocks | setFilter, then buildFilter once |
 * | runs of a schedule: start (one more) and parent u32, rank u8 | | setRuns |
 * | words that flip the bit of each rank, from rank 0 on | 4 x planes x (keyBits + 1) | setRuns, for each query |
 * | kept keys, a plane for each word of a key | planes x stride; a stride has room for 8 more keys | setKept |
 * | scratch | SCRATCH_BYTES | setScratch |
 *
 * A query: write the key of the empty pattern to the kept planes and the flips to their place, `begin`, then `next`
 * until it is -1. Nothing here checks a size or a pointer.
 * @module
 */
import { find, first as firstFound } from './near/codes';
import { mayHave } from './near/filter';
import { bothWords, firstWords } from './near/half-sip-hash';
import { areKept, beginKeys, keepTo, kept, keptStride, makeKeys } from './near/schedule';

export { setCodes } from './near/codes';
export { buildFilter, setFilter } from './near/filter';
export { setKeys } from './near/half-sip-hash';
export { setKept, setRuns } from './near/schedule';

/** Patterns tried at a time. */
const CHUNK: u32 = 512;
/** Bytes of a plane of a chunk, with room for the stores that go too far. */
const CHUNK_STRIDE: usize = (CHUNK + 8) * 4;
/** Planes of the longest key. */
const MAX_PLANES: usize = 3;
/** Offset in the scratch of the patterns that passed the filter; behind them the hashes of the whole chunk. */
const PASSED: usize = MAX_PLANES * CHUNK_STRIDE;
const HASHES: usize = PASSED + (CHUNK + 8) * 4;
const SCRATCH_BYTES: usize = HASHES + (CHUNK + 8) * 4;

let scratch: usize = 0;
let lowMask: u32 = 0;
let mask: u64 = 0;

/** Index behind the query's last pattern. */
let queryEnd: u32 = 0;
/** The chunk at hand, which of its patterns passed the filter, and how many of those were looked up. */
let chunkStart: u32 = 0;
let chunkEnd: u32 = 0;
let chunkKeys: usize = 0;
let chunkStride: usize = 0;
let passed: u32 = 0;
let lookedUp: u32 = 0;
let foundEntries: u32 = 0;

/** First free byte, a multiple of 16. */
export function heapBase(): usize {
  return (__heap_base + 15) & ~15;
}

/** Bytes that {@link setScratch} wants. */
export function scratchBytes(): usize {
  return SCRATCH_BYTES;
}

/** Tells where the scratch lies, and how many bits a fingerprint has (20 to 48). */
export function setScratch(pointer: usize, fingerprintBits: u32): void {
  scratch = pointer;
  mask = ((<u64>1) << fingerprintBits) - 1;
  lowMask = <u32>mask;
}

/** Begins a query of which patterns below `end` will be asked for; `keptEnd` of them, at least the parents, are kept. */
export function begin(end: u32, keptEnd: u32): void {
  queryEnd = end;
  chunkStart = 0;
  chunkEnd = 0;
  passed = 0;
  lookedUp = 0;
  beginKeys(keptEnd);
}

/**
 * The first pattern from `from` on whose key has a listed fingerprint, or -1. `from` is the query's first pattern,
 * or the one behind the last answer.
 */
export function next(from: u32): i32 {
  if (from > chunkEnd) chunkEnd = from;
  while (true) {
    while (lookedUp < passed) {
      const at = load<u32>(scratch + PASSED + (<usize>lookedUp << 2));
      lookedUp++;
      foundEntries = find(bothWords(chunkKeys + (<usize>at << 2), chunkStride) & mask);
      if (foundEntries > 0) return chunkStart + at;
    }
    if (chunkEnd >= queryEnd) return -1;
    chunkStart = chunkEnd;
    chunkEnd = min(chunkStart + CHUNK, queryEnd);
    probe();
  }
}

/** Ordinal of the first entry that {@link next} found last. */
export function first(): u32 {
  return firstFound;
}

/** How many entries it found. */
export function found(): u32 {
  return foundEntries;
}

/** Puts the keys of the chunk through the filter. */
function probe(): void {
  keepTo(chunkEnd);
  if (areKept(chunkEnd)) {
    chunkKeys = kept + (<usize>chunkStart << 2);
    chunkStride = keptStride;
  } else {
    chunkKeys = scratch;
    chunkStride = CHUNK_STRIDE;
    makeKeys(chunkStart, chunkEnd, chunkKeys, chunkStride);
  }
  const count = chunkEnd - chunkStart;
  const hashes = scratch + HASHES;
  const width = i32x4.splat(lowMask);
  let to = scratch + PASSED;
  // All hashes first, then all tests: so the filter's memory is waited for many blocks at a time (measured).
  for (let i: u32 = 0; i < count; i += 8) {
    firstWords(chunkKeys + (<usize>i << 2), chunkStride, hashes + (<usize>i << 2));
  }
  for (let i: u32 = 0; i < count; i += 8) {
    const eight = hashes + (<usize>i << 2);
    let hits =
      mayHave(v128.and(v128.load(eight), width)) | (mayHave(v128.and(v128.load(eight, 16), width)) << 4);
    for (; hits != 0; hits &= hits - 1) {
      const at = i + ctz(hits);
      if (at >= count) break;
      store<u32>(to, at);
      to += 4;
    }
  }
  passed = <u32>((to - scratch - PASSED) >> 2);
  lookedUp = 0;
}
