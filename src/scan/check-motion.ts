/**
 * The look at the video inside a motion photo, once the picture itself matched nothing.
 * @module
 */
import type { CoverageNote } from '../outcome.js';
import { checkVideo, type VideoFindings } from './check-video.js';
import { embeddedVideos, type FilePart } from './embedded-video.js';
import type { MatchSet } from './lookup.js';
import type { ScanParts } from './parts.js';
import type { FileType } from './sniff.js';
import { CheckFailure, type ScanContext, type ScanRun } from './types.js';
import type { VideoPart } from './video.js';

/**
 * Looks at the videos in a picture's file. Where one can't be looked at, the note `motion-unchecked` says so: the picture's own check stands.
 * @param file - the picture
 * @param type - what the sniffer says of it
 * @param context - lists, kernels, parts and limits
 * @param run - deadline, cancellation, progress
 * @param found - takes the matches
 * @param findings - takes notes and the video's coverage
 * @returns whether the file holds a video, or says so, that a list calls for
 * @throws CheckFailure `unreadable`
 */
export async function checkMotion(
  file: Blob,
  type: FileType,
  context: ScanContext,
  run: ScanRun,
  found: MatchSet,
  findings: VideoFindings,
): Promise<boolean> {
  const isCalledFor = context.lists.some((list) => list.near !== null || list.videos !== undefined);
  if (!isCalledFor) return false;
  const { videos, lost } = await embeddedVideos(file, type);
  const add = (note: CoverageNote) => {
    if (!findings.notes.includes(note)) findings.notes.push(note);
  };
  if (lost) add('motion-unchecked');
  for (const place of videos) {
    if (run.isCancelled()) break;
    const ofVideo: VideoFindings = { notes: [] };
    const within = { ...context, ...(context.parts && { parts: openingAt(context.parts, place) }) };
    try {
      const video = file.slice(place.start, place.end);
      // What is called a video and has no track of one is a damaged one.
      if (!(await checkVideo(video, within, run, found, ofVideo))) add('motion-unchecked');
    } catch (error) {
      if (!(error instanceof CheckFailure) || error.reason === 'unreadable') throw error;
      add('motion-unchecked');
    }
    for (const note of ofVideo.notes) add(note);
    if (ofVideo.video !== undefined) findings.video = ofVideo.video;
  }
  return lost || videos.length > 0;
}

/** Tells the video part where in the file its video lies: in Node another program reads it there. */
function openingAt(parts: ScanParts, place: FilePart): ScanParts {
  return {
    has: (name) => parts.has(name),
    async get(name) {
      const part = await parts.get(name);
      if (name !== 'video' || part === null) return part;
      const video = part as VideoPart;
      return { open: (opened: Blob) => video.open(opened, place) } as never;
    },
  };
}
