/**
 * A thread of the report: opens the lists once, then scans one photo after the other.
 * @module
 */
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { openList } from '../../src/scan/lists.js';
import type { SearchPreset } from '../../src/scan/search-plan.js';
import type { ListedPhoto } from './lists.js';
import { EditScanner, type EditsJob } from './scan-edits.js';
import { type OthersJob, OthersScanner } from './scan-others.js';

/** What a thread starts with: snapshots to scan edits against, or the one of all photos. */
export type ThreadSetup = { readonly search: SearchPreset } & (
  | { readonly kind: 'edits'; readonly lists: readonly Uint8Array[] }
  | { readonly kind: 'others'; readonly list: Uint8Array; readonly listed: readonly ListedPhoto[] }
);

async function start(setup: ThreadSetup): Promise<(job: EditsJob | OthersJob) => Promise<unknown>> {
  const kernel = await createPdqKernel();
  const variants = await createVariantKernel();
  const tools = { kernel, variants, search: setup.search };
  if (setup.kind === 'edits') {
    const scanner = new EditScanner(await Promise.all(setup.lists.map(openList)), tools);
    return (job) => scanner.run(job as EditsJob);
  }
  const scanner = new OthersScanner(setup.list, await openList(setup.list), setup.listed, tools);
  return (job) => scanner.run(job as OthersJob);
}

// The threads are the parallelism: one of libvips besides would only get in their way.
sharp.concurrency(1);
sharp.cache(false);
const started = start(workerData as ThreadSetup);
parentPort?.on('message', async (job: EditsJob | OthersJob) => {
  const run = await started;
  parentPort?.postMessage(await run(job));
});
