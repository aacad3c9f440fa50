/**
 * The seam to the picture finder: it finds where pictures are inside a picture, never what they show.
 * @module
 */

import type { Survey } from '../kernels/survey.js';
import type { Rectangle } from './borders.js';
import type { Slopes } from './slanted.js';

/** Most pictures that a finder may give for one picture. */
export const MAX_FOUND_PICTURES = 12;

/** A picture that was found, by the middles of its sides. */
export interface FoundRectangle extends Rectangle {
  /** Of a picture whose sides are slanted. */
  readonly slopes?: Slopes;
}

/** What finds pictures inside a picture. */
export interface PictureFinder {
  /**
   * @param survey - of the whole picture
   * @returns rectangles in pixels of the survey's luma, the likeliest first, at most {@link MAX_FOUND_PICTURES}; none where
   *   the picture does not look as if there were any in it
   * @throws Error if the network could not be run
   */
  find(survey: Survey): Promise<FoundRectangle[]>;
}
