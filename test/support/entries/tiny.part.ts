/**
 * A part for tests: needs a data file `words`, and opens every video with what that says.
 * @module
 */
import type { PartModule } from '../../../src/scan/parts.js';
import { VERSION } from '../../../src/version.js';

/** The part. */
export const part: PartModule<'video'> = {
  name: 'video',
  version: VERSION,
  create(files) {
    const words = new TextDecoder().decode(files.get('words'));
    if (words !== 'some words') throw new Error(`"words" says ${words}`);
    return { open: () => Promise.reject(new Error(words)) };
  },
};
