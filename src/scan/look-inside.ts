/**
 * The last look at a picture that is not listed itself: at the pictures inside it, if the host declared the picture
 * finder. A screenshot, a collage or a meme hides a listed picture from any hash of the whole.
 * @module
 */
import type { CoverageNote, FinderCoverage } from '../outcome.js';
import { isComparable } from './detail.js';
import { foundPictures } from './found-pictures.js';
import type { HashedPicture } from './hash-image.js';
import { lookUpPictures, type MatchSet } from './lookup.js';
import { takePart } from './parts.js';
import { finderPlan } from './search-plan.js';
import type { ScanContext, ScanRun } from './types.js';

/**
 * Looks up the pictures inside pictures. Never fails a scan.
 * @param pictures - with their surveys
 * @param context - lists, kernels and parts
 * @param run - deadline and cancellation
 * @param found - takes the matches
 * @param notes - gets `part-missing` where the finder was declared and could not be used
 * @returns what became of the finder
 */
export async function lookInside(
  pictures: readonly HashedPicture[],
  context: ScanContext,
  run: ScanRun,
  found: MatchSet,
  notes: CoverageNote[],
): Promise<FinderCoverage> {
  if (!context.parts?.has('finder')) return 'off';
  const finder = await takePart(
    'finder',
    context.parts,
    run.remainingMs?.() ?? Number.POSITIVE_INFINITY,
    notes,
  );
  if (finder === null) return 'failed';
  try {
    for (const whole of pictures) {
      if (whole.survey === undefined) continue;
      for await (const picture of foundPictures(whole.survey, finder, context.kernel, whole)) {
        if (run.isCancelled()) return 'ran';
        if (!isComparable(picture.hash)) continue;
        const before = found.size;
        lookUpPictures([picture], context.lists, finderPlan(picture), context.variants, found, true);
        if (found.size > before) return 'ran';
      }
    }
    return 'ran';
  } catch {
    if (!notes.includes('part-missing')) notes.push('part-missing');
    return 'failed';
  }
}
