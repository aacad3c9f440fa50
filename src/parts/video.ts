/**
 * The video part, for `ScannerOptions.parts`. Bundlers follow the address and copy the part's code.
 * @module
 */
import type { Part } from '../parts.js';

/**
 * Looks at the frames of videos.
 * @example
 * ```ts
 * const scanner = createScanner({ lists, parts: [videoPart] });
 * ```
 */
export const videoPart: Part = { name: 'video', code: new URL('./video.part.js', import.meta.url) };
