/**
 * One measurement in a process of its own, since memory is counted by the process. Prints one JSON value.
 * @module
 */
import { readFileSync } from 'node:fs';
import { Writable } from 'node:stream';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { runCli } from '../../src/publisher/program.js';
import { isComparable } from '../../src/scan/detail.js';
import type { HashedPicture } from '../../src/scan/hash-image.js';
import { type OpenedList, openList } from '../../src/scan/lists.js';
import { lookUpPictures, MatchSet } from '../../src/scan/lookup.js';
import { hashPicture } from '../../src/scan/pipeline.js';
import { SEARCH_PLANS } from '../../src/scan/search-plan.js';
import { sniff } from '../../src/scan/sniff.js';
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

/** Opening a snapshot, and looking pictures up in it. */
export interface OpenResult {
  readonly engine: NearSet['engine'];
  readonly fileBytes: number;
  /** Reading the file is not counted. */
  readonly opening: Duration;
  /** What the process grew by, the file's own bytes included: once open, and after the look-ups. */
  readonly openBytes: number;
  readonly usedBytes: number;
  /** Whole look-up of one picture that is not listed, as `normal` does it: median of all. */
  readonly lookup: Duration;
  /** The same with a list that has nothing: making the forms. */
  readonly forms: Duration;
  readonly lookups: number;
  /** Median of what a look-up tried. */
  readonly probes: number;
}

const ROUNDS = 7;

/**
 * @param args - `build SNAPSHOT LIST PRESET` or `open SNAPSHOT PHOTO…`
 */
export async function main([task, snapshot, ...rest]: readonly string[]): Promise<void> {
  const result = task === 'build' ? await build(snapshot, rest[0], rest[1]) : await open(snapshot, rest);
  console.log(JSON.stringify(result));
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

async function open(snapshot: string, photos: readonly string[]): Promise<OpenResult> {
  const kernel = await createPdqKernel();
  const variants = await createVariantKernel();
  const decoder = createNodeDecoder(DEFAULT_LIMITS);
  const pictures: HashedPicture[] = [];
  for (const photo of photos) {
    const file = new Blob([readFileSync(photo)]);
    const type = await sniff(new Uint8Array(await file.slice(0, 4100).arrayBuffer()));
    const hashed = await hashPicture(file, type, { decoder, kernel, limits: DEFAULT_LIMITS });
    pictures.push(...(hashed?.pictures ?? []).filter(({ hash }) => isComparable(hash)));
  }
  const before = residentBytes();
  const bytes = new Uint8Array(readFileSync(snapshot));
  const stop = startClock();
  const list = await openList(bytes);
  const opening = stop();
  const openBytes = residentBytes() - before;
  if (list.near === null) throw new Error(`${snapshot} has no PDQ hashes`);

  const counting = countProbes(list.near);
  const nothing: NearSet = {
    engine: list.near.engine,
    search: (_, { from, to }) => ({ labels: [], probes: to - from }),
  };
  const lookups: (Duration & { probes: number })[] = [];
  const forms: Duration[] = [];
  for (let round = -1; round < ROUNDS; round++) {
    for (const picture of pictures) {
      const withoutList = lookUp(picture, { ...list, near: nothing });
      counting.probes = 0;
      const lookup = lookUp(picture, { ...list, near: counting.near });
      if (round < 0) continue;
      forms.push(withoutList);
      lookups.push({ ...lookup, probes: counting.probes });
    }
  }
  return {
    engine: list.near.engine,
    fileBytes: bytes.length,
    opening,
    openBytes,
    usedBytes: residentBytes() - before,
    lookup: medians(lookups),
    forms: medians(forms),
    lookups: lookups.length,
    probes: median(lookups.map(({ probes }) => probes)),
  };

  function lookUp(picture: HashedPicture, among: OpenedList): Duration {
    const found = new MatchSet(false);
    const stop = startClock();
    lookUpPictures([picture], [among], SEARCH_PLANS.normal, variants, found);
    const duration = stop();
    if (found.size > 0) throw new Error('a picture matched a random hash');
    return duration;
  }
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

function medians(durations: readonly Duration[]): Duration {
  return {
    wallMs: median(durations.map(({ wallMs }) => wallMs)),
    processorMs: median(durations.map(({ processorMs }) => processorMs)),
  };
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
