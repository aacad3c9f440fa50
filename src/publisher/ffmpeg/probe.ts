/**
 * What a video is, by ffprobe.
 * @module
 */
import { CheckFailure } from '../../scan/types.js';
import type { VideoSource } from '../../scan/video.js';
import { type FfmpegInput, type FfmpegTools, inputArguments, readOutput } from './tools.js';

/** A video as ffprobe describes it. */
export interface Probed {
  readonly codec: VideoSource['codec'];
  readonly durationSeconds: number;
  /** Of the upright picture. */
  readonly width: number;
  readonly height: number;
  readonly mayHaveAlpha: boolean;
}

const CODECS: Readonly<Record<string, VideoSource['codec']>> = {
  h264: 'h264',
  hevc: 'hevc',
  vp8: 'vp8',
  vp9: 'vp9',
  av1: 'av1',
  prores: 'prores',
  mpeg1video: 'mpeg1',
  mpeg2video: 'mpeg2',
  mpeg4: 'mpeg4',
  mjpeg: 'mjpeg',
  theora: 'theora',
  vc1: 'vc1',
  wmv3: 'vc1',
};

const TRANSPARENT = /^(yuva|gbra|rgba|bgra|argb|abgr|ya|pal8)/;

interface Report {
  streams?: {
    codec_name?: string;
    width?: number;
    height?: number;
    pix_fmt?: string;
    duration?: string;
    disposition?: { attached_pic?: number };
    side_data_list?: { rotation?: number }[];
  }[];
  format?: { duration?: string };
}

/**
 * @param tools - the programs
 * @param path - of the file
 * @returns the first video track, or null for a file without one
 * @throws CheckFailure `undecodable`
 */
export async function probe(tools: FfmpegTools, path: FfmpegInput): Promise<Probed | null> {
  const entries =
    'stream=codec_name,width,height,pix_fmt,duration:stream_disposition=attached_pic:stream_side_data=rotation:format=duration';
  let report: Report;
  try {
    report = JSON.parse(
      await readOutput(tools.ffprobe, [
        ...['-v', 'error', '-select_streams', 'V', '-show_entries', entries, '-of', 'json'],
        ...inputArguments(path),
      ]),
    ) as Report;
  } catch (cause) {
    throw new CheckFailure('undecodable', 'ffprobe can make nothing of the file', { cause });
  }
  const stream = report.streams?.[0];
  if (stream === undefined) return null;
  const { codec_name: name = '', width = 0, height = 0, pix_fmt: format = '' } = stream;
  if (width < 1 || height < 1) throw new CheckFailure('undecodable', 'the video has no size');
  const rotation = stream.side_data_list?.find((data) => data.rotation !== undefined)?.rotation ?? 0;
  const lies = Math.abs(rotation) % 180 === 90;
  return {
    codec: Object.hasOwn(CODECS, name) ? CODECS[name] : 'other',
    durationSeconds: (await durationOf(tools, path, stream.duration, report.format?.duration)) ?? 0,
    width: lies ? height : width,
    height: lies ? width : height,
    mayHaveAlpha: TRANSPARENT.test(format),
  };
}

/** As the file says, the track first; else by reading it to its end, without decoding it. */
async function durationOf(
  tools: FfmpegTools,
  path: FfmpegInput,
  ...said: (string | undefined)[]
): Promise<number | null> {
  const known = said.map(Number).find((seconds) => Number.isFinite(seconds) && seconds > 0);
  if (known !== undefined) return known;
  try {
    const progress = await readOutput(tools.ffmpeg, [
      ...['-v', 'error', '-nostdin', ...inputArguments(path)],
      ...['-map', '0:V:0', '-c', 'copy', '-f', 'null', '-progress', 'pipe:1', '-stats_period', '5', '-'],
    ]);
    const times = [...progress.matchAll(/^out_time_us=(\d+)$/gm)];
    return times.length === 0 ? null : Number(times[times.length - 1][1]) / 1e6;
  } catch {
    return null;
  }
}
