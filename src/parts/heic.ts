/**
 * The HEIC part, for `ScannerOptions.parts`. Bundlers follow the address and copy the part's code; libheif, which decodes,
 * has a licence of its own (LGPL-3.0) and is served by the app.
 * @module
 */
import type { Part, PartLibrary } from '../parts.js';

/** What `libheif-wasm/libheif-bundle.mjs` of libheif-js 1.23.2 is, for apps that serve just that file and want it checked. */
export const LIBHEIF_BUNDLE = {
  bytes: 1_989_119,
  sha256: 'd05292271af008d300cc75be374feb8fd35b418a71420a556c3fb817f662b502',
} as const;

/**
 * Looks at HEIC pictures where the platform can't decode them itself.
 * @param library - where the app serves `libheif-wasm/libheif-bundle.mjs` of the npm package `libheif-js`
 * @returns the part
 * @example
 * ```ts
 * const libheif = new URL('libheif-js/libheif-wasm/libheif-bundle.mjs', import.meta.url);
 * const scanner = createScanner({ lists, parts: [heicPart(libheif)] });
 * ```
 */
export function heicPart(library: URL | string | PartLibrary): Part {
  const isAddress = typeof library === 'string' || library instanceof URL;
  return {
    name: 'heic',
    code: new URL('./heic.part.js', import.meta.url),
    library: isAddress ? { url: library } : library,
  };
}
