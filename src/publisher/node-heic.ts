/**
 * HEIC in Node, for the commands: the optional package libheif-js is looked for when the first HEIC picture turns up, once.
 * @module
 */
import { createHeicPart } from '../heic/heic-part.js';
import type { HeicPart } from '../scan/heic.js';
import type { ScanParts } from '../scan/parts.js';

/** Not in the code itself: it is no dependency, and TypeScript would want its types. */
const LIBRARY = 'libheif-js/libheif-wasm/libheif-bundle.mjs';

const NOT_THERE = 'HEIC pictures need the package libheif-js, which is not installed: npm install libheif-js';

/** Adds the HEIC part to those of a file. */
export class NodeHeic {
  readonly #onMissing: (message: string) => void;
  #part: Promise<HeicPart | null> | undefined;

  /** @param onMissing - told once, in a sentence, if it is wanted and can't be had */
  constructor(onMissing: (message: string) => void) {
    this.#onMissing = onMissing;
  }

  /** @returns the parts, and HEIC */
  addTo(parts?: ScanParts): ScanParts {
    return {
      has: (name) => name === 'heic' || parts?.has(name) === true,
      get: async (name) =>
        name === 'heic' ? ((await this.#load()) as never) : ((await parts?.get(name)) ?? null),
    };
  }

  #load(): Promise<HeicPart | null> {
    this.#part ??= load().catch((error: NodeJS.ErrnoException) => {
      const isMissing = error.code === 'ERR_MODULE_NOT_FOUND';
      this.#onMissing(isMissing ? NOT_THERE : `the package libheif-js can't be used: ${error.message}`);
      return null;
    });
    return this.#part;
  }
}

async function load(): Promise<HeicPart> {
  return createHeicPart(await import(LIBRARY));
}
