/**
 * The code of the part `heic`.
 * @module
 */
import type { PartModule } from '../scan/parts.js';
import { VERSION } from '../version.js';
import { createHeicPart } from './heic-part.js';

/** Decodes HEIC with the libheif that the host serves. */
export const part: PartModule<'heic'> = {
  name: 'heic',
  version: VERSION,
  create: (_files, library) => createHeicPart(library),
};
