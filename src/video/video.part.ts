/**
 * The video part: decodes videos in the scan worker.
 * @module
 */
import type { PartModule } from '../scan/parts.js';
import { VERSION } from '../version.js';
import { openVideo } from './open-video.js';

/** The part. */
export const part: PartModule<'video'> = {
  name: 'video',
  version: VERSION,
  create: () => ({ open: openVideo }),
};
