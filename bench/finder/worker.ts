/**
 * A thread of the finder's report: opens photos, list and network once, then scans one composition after the other.
 * @module
 */
import { readFileSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import sharp from 'sharp';
import { folderPhotos } from '../../models/picture-finder/photos.js';
import { createEdgeKernel } from '../../src/finder/edges.js';
import { createFinder } from '../../src/finder/find.js';
import { loadNetwork } from '../../src/finder/network.js';
import { createPdqKernel } from '../../src/kernels/pdq.js';
import { createVariantKernel } from '../../src/kernels/variants.js';
import { openList } from '../../src/scan/lists.js';
import type { Part } from '../recall/split.js';
import { classicalFinder } from './classical.js';
import { type CompositionJob, type CompositionTools, scanComposition } from './scan-compositions.js';

/** What a thread starts with. */
export interface FinderSetup {
  readonly folders: readonly string[];
  readonly part: Part;
  readonly list: Uint8Array;
  /** Name and hash of each listed photo. */
  readonly listed: readonly (readonly [string, Uint8Array])[];
  /** Paths of the model and of ONNX Runtime's WebAssembly. */
  readonly model: string;
  readonly runtime: string;
}

async function start({
  folders,
  part,
  list,
  listed,
  model,
  runtime,
}: FinderSetup): Promise<CompositionTools> {
  const network = await loadNetwork(readFileSync(model), readFileSync(runtime));
  const edges = await createEdgeKernel();
  return {
    list: await openList(list),
    tools: { kernel: await createPdqKernel(), variants: await createVariantKernel(), search: 'normal' },
    finders: { classical: classicalFinder(edges), finder: createFinder(network, edges) },
    edges,
    network,
    photos: await folderPhotos(folders, part),
    listed: new Map(listed),
  };
}

// The threads are the parallelism: one of libvips besides would only get in their way.
sharp.concurrency(1);
sharp.cache(false);
const started = start(workerData as FinderSetup);
parentPort?.on('message', async (job: CompositionJob) => {
  parentPort?.postMessage(await scanComposition(job, await started));
});
