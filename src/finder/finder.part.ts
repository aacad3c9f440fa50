/**
 * The code of the part `finder`.
 * @module
 */
import type { PartModule } from '../scan/parts.js';
import { VERSION } from '../version.js';
import { createEdgeKernel } from './edges.js';
import { createFinder } from './find.js';
import { loadNetwork } from './network.js';

/** Names of the part's data files. */
export const MODEL_FILE = 'picture-finder.onnx';
export const RUNTIME_FILE = 'ort-wasm-simd-threaded.wasm';

/** Finds pictures inside pictures. */
export const part: PartModule<'finder'> = {
  name: 'finder',
  version: VERSION,
  async create(files) {
    const model = files.get(MODEL_FILE);
    const runtime = files.get(RUNTIME_FILE);
    if (model === undefined || runtime === undefined) throw new Error('the picture finder lacks a file');
    return createFinder(await loadNetwork(model, runtime), await createEdgeKernel());
  },
};
