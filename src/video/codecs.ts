/**
 * Names of codecs for the coverage.
 * @module
 */
import type { InputVideoTrack } from 'mediabunny';
import type { VideoCodecName } from '../scan/video.js';

/** By mediabunny's name. */
const KNOWN: Record<string, VideoCodecName> = {
  avc: 'h264',
  hevc: 'hevc',
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'av1',
  prores: 'prores',
};

/** By the container's own name: sample entries of ISO base media files, codec ids of Matroska, stream types of MPEG-TS. */
const BY_CONTAINER: readonly [RegExp, VideoCodecName][] = [
  [/^(mp4v|V_MPEG4\/ISO\/\w+|16)$/, 'mpeg4'],
  [/^(m2v1|V_MPEG2|2)$/, 'mpeg2'],
  [/^(m1v1|V_MPEG1|1)$/, 'mpeg1'],
  [/^(jpeg|mjpa|mjpb|V_MJPEG)$/, 'mjpeg'],
  [/^V_THEORA$/, 'theora'],
  [/^(vc-1|234)$/, 'vc1'],
];

/** @returns the track's codec by one of the names that a coverage may carry */
export async function codecNameOf(track: InputVideoTrack): Promise<VideoCodecName> {
  const codec = await track.getCodec();
  if (codec !== null) return KNOWN[codec] ?? 'other';
  const id = await track.getInternalCodecId();
  return BY_CONTAINER.find(([pattern]) => pattern.test(String(id)))?.[1] ?? 'other';
}
