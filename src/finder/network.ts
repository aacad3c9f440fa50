/**
 * Runs the picture finder's network with ONNX Runtime, on one thread, from bytes alone: nothing is fetched.
 * @module
 */
import { env, InferenceSession, Tensor } from 'onnxruntime-web/wasm';
import { INPUT_SIDE } from '../kernels/network-input.js';

/** The loaded network. */
export interface Network {
  /**
   * @param thumbnail - as src/kernels/network-input.ts gives it
   * @returns maps for src/finder/boxes.ts
   */
  run(thumbnail: Float32Array): Promise<Float32Array>;
}

/**
 * @param model - the ONNX file
 * @param runtime - `ort-wasm-simd-threaded.wasm` of the same version of ONNX Runtime
 * @returns the network
 * @throws Error if either can't be used
 */
export async function loadNetwork(model: Uint8Array, runtime: Uint8Array): Promise<Network> {
  // Threads would need cross-origin isolation, and a proxy another worker.
  env.wasm.numThreads = 1;
  env.wasm.proxy = false;
  env.wasm.wasmBinary = runtime.slice().buffer;
  const session = await InferenceSession.create(model, { executionProviders: ['wasm'] });
  const [input] = session.inputNames;
  const [output] = session.outputNames;
  return {
    async run(thumbnail) {
      const tensor = new Tensor('float32', thumbnail, [1, 3, INPUT_SIDE, INPUT_SIDE]);
      const { [output]: found } = await session.run({ [input]: tensor });
      return found.data as Float32Array;
    },
  };
}
