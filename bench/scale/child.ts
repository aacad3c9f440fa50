/**
 * One measurement in a process of its own, since memory is counted by the process. Prints one JSON value.
 * @module
 */
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import type { VariantKernel } from '../../src/kernels/variants-types.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { runCli } from '../../src/publisher/program.js';
import { isComparable } from '../../src/scan/detail.js';
import type { HashedPicture } from '../../src/scan/hash-image.js';
import { type OpenedList, openList } from '../../src/scan/lists.js';
import { lookUpPictures, MatchSet } from '../../src/scan/lookup.js';
import { hashPicture } from '../../src/scan/pipeline.js';
import { readSlice } from '../../src/scan/read.js';
import { SEARCH_PLANS } from '../../src/scan/search-plan.js';
import { SNIFF_BYTES, sniff } from '../../src/scan/sniff.js';
import type { NearSet } from '../../src/snapshot/near-set.js';
import { median } from '../turns.js';

/** Milliseconds: by the clock, and of the processor, which other work on the machine changes less. */
export interface Duration {
  readonly wallMs: number;
  readonly processorMs: number;
}

/** A build, from a text file of hashes to a snapshot on the disk. */
export interface BuildResult extends Duration {
  /** Most memory that the process had at a time, code and all. */
  readonly peakBytes: number;
}

/** Opening a snapshot. */
export interface OpenResult {
  readonly engine: NearSet['engine'];
  readonly fileBytes: number;
  /** Reading the file is not counted. */
  readonly opening: Duration;
  /** What the process grew by, the file's own bytes included: once open, and after a look-up. */
  readonly openBytes: number;
  readonly usedBytes: number;
}

/** Whole look-ups of one picture that is not listed, as `normal` does them: medians, and the least. */
export interface LookupResult extends Duration {
  readonly leastProcessorMs: number;
  readonly lookups: number;
  /** Median of what was tried. */
  readonly probes: number;
}

const ROUNDS = 9;

/**
 * @param args - `build SNAPSHOT LIST PRESET`, `open SNAPSHOT PHOTO`, or `lookup PHOTO,PHOTO… SNAPSHOT…`
 */
export async function main([task, ...args]: readonly string[]): Promise<void> {
  const tasks: Record<string, () => Promise<unknown>> = {
    build: () => build(args[0], args[1], args[2]),
    open: () => open(args[0], args[1]),
    lookup: () => lookUpInTurns(args[0].split(','), args.slice(1)),
  };
  console.log(JSON.stringify(await tasks[task]()));
}

async function build(snapshot: string, list: string, preset: string): Promise<BuildResult> {
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const stop = startClock();
  const code = await runCli(
    [
      ...['build', '--name', 'scale', '--list-version', '1', '--salt', '00112233445566778899aabbccddeeff'],
      ...['--created', '0', '--preset', preset, '--pdq', list, '--out', snapshot],
    ],
    { stdin: () => process.stdin, stdout: nowhere, stderr: process.stderr, now: Date.now },
  );
  if (code !== 0) throw new Error(`'build' ended with ${code}`);
  return { ...stop(), peakBytes: process.resourceUsage().maxRSS * 1024 };
}

async function open(snapshot: string, photo: string): Promise<OpenResult> {
  const variants = await createVariantKernel();
  const [picture] = await hashPhotos([photo]);
  const before = residentBytes();
  const bytes = new Uint8Array(readFileSync(snapshot));
  const stop = startClock();
  const list = await openList(bytes);
  const opening = stop();
  const openBytes = residentBytes() - before;
  if (list.near === null) throw new Error(`${snapshot} has no PDQ hashes`);
  lookUp(picture, list, variants);
  return {
    engine: list.near.engine,
    fileBytes: bytes.length,
    opening,
    openBytes,
    usedBytes: residentBytes() - before,
  };
}

/** All lists at once, each in its turn, so that whatever else the machine does falls on all of them; first none. */
async function lookUpInTurns(
  photos: readonly string[],
  snapshots: readonly string[],
): Promise<LookupResult[]> {
  const variants = await createVariantKernel();
  const pictures = await hashPhotos(photos);
  const lists = await Promise.all(snapshots.map((path) => openList(new Uint8Array(readFileSync(path)))));
  const nothing: NearSet = {
    engine: 'typescript',
    search: (_, { from, to }) => ({ labels: [], entries: [], probes: to - from }),
  };
  const contestants = [{ ...lists[0], near: nothing }, ...lists].map((list) => {
    const counting = countProbes(list.near!);
    return {
      list: { ...list, near: counting.near },
      counting,
      times: [] as (Duration & { probes: number })[],
    };
  });
  for (let round = -1; round < ROUNDS; round++) {
    for (const picture of pictures) {
      for (const { list, counting, times } of contestants) {
        counting.probes = 0;
        const duration = lookUp(picture, list, variants);
        if (round >= 0) times.push({ ...duration, probes: counting.probes });
      }
    }
  }
  return contestants.map(({ times }) => ({
    wallMs: median(times.map(({ wallMs }) => wallMs)),
    processorMs: median(times.map(({ processorMs }) => processorMs)),
    leastProcessorMs: Math.min(...times.map(({ processorMs }) => processorMs)),
    lookups: times.length,
    probes: median(times.map(({ probes }) => probes)),
  }));
}

async function hashPhotos(photos: readonly string[]): Promise<HashedPicture[]> {
  const kernel = await createPdqKernel();
  const decoder = createNodeDecoder(DEFAULT_LIMITS);
  const pictures: HashedPicture[] = [];
  for (const photo of photos) {
    const file = new Blob([readFileSync(photo)]);
    const type = await sniff(await readSlice(file, 0, SNIFF_BYTES));
    const hashed = await hashPicture(file, type, { decoder, kernel, limits: DEFAULT_LIMITS });
    if (hashed === null || !hashed.pictures.every(({ hash }) => isComparable(hash))) {
      throw new Error(`${photo} is not compared`);
    }
    pictures.push(...hashed.pictures);
  }
  return pictures;
}

function lookUp(picture: HashedPicture, list: OpenedList, variants: VariantKernel): Duration {
  const found = new MatchSet(false);
  const stop = startClock();
  lookUpPictures([picture], [list], SEARCH_PLANS.normal, variants, found);
  const duration = stop();
  if (found.size > 0) throw new Error('a picture matched a random hash');
  return duration;
}

function countProbes(near: NearSet): { near: NearSet; probes: number } {
  const counting = {
    probes: 0,
    near: {
      engine: near.engine,
      search: (query, budget) => {
        const hit = near.search(query, budget);
        counting.probes += hit.probes;
        return hit;
      },
    } satisfies NearSet,
  };
  return counting;
}

/** Starts a clock. @returns stops it */
function startClock(): () => Duration {
  const start = performance.now();
  const before = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(before);
    return { wallMs: performance.now() - start, processorMs: (user + system) / 1000 };
  };
}

/** Memory of the process after everything that can go has gone. */
function residentBytes(): number {
  // Twice: what a finalizer lets go of goes with the second.
  global.gc?.();
  global.gc?.();
  return process.memoryUsage.rss();
}
