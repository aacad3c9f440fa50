/**
 * The picture finder, for `ScannerOptions.parts`. Bundlers follow the addresses and copy the files.
 * @module
 */
import type { Part } from '../parts.js';
import { FINDER_FILES } from './generated/finder-files.js';

const [model, runtime] = FINDER_FILES;

/**
 * Finds pictures inside screenshots, collages and memes, so that a listed one is found there.
 * @example
 * ```ts
 * const scanner = createScanner({ lists, parts: [finderPart] });
 * ```
 */
export const finderPart: Part = {
  name: 'finder',
  code: new URL('./finder.part.js', import.meta.url),
  files: [
    { ...model, url: new URL('./finder/picture-finder.onnx', import.meta.url) },
    { ...runtime, url: new URL('./finder/ort-wasm-simd-threaded.wasm', import.meta.url) },
  ],
};
