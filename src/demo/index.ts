/**
 * The demo list, for pages that show what a scan looks like: a snapshot of a few harmless pictures (their
 * files and licences are in the repository under `examples/demo/gallery`). Nothing uses it unless a page
 * passes it on, and every outcome that it takes part in says `demo: true`.
 * @module
 */
import { DEMO_LIST_BASE64 } from './generated/demo-list.js';

/**
 * Bytes of the demo list's snapshot.
 * @example
 * ```ts
 * import { createScanner } from 'presieve';
 * import { demoList } from 'presieve/demo';
 *
 * const scanner = createScanner({ lists: [demoList] });
 * ```
 */
export const demoList: Uint8Array<ArrayBuffer> = /* @__PURE__ */ Uint8Array.from(
  /* @__PURE__ */ atob(DEMO_LIST_BASE64),
  (character) => character.charCodeAt(0),
);
