/**
 * Frames from a pipe: a row of PAM pictures, which say their size themselves (Netpbm, pam(5)). A file may change it halfway.
 * @module
 */
import { CheckFailure, type DecodedImage } from '../../scan/types.js';

/** Longest header that is looked for. */
const MAX_HEADER_BYTES = 256;
const END = Buffer.from('ENDHDR\n');

/**
 * @param stream - PAM pictures of four channels, one after the other
 * @param maxPixels - of a picture
 * @param mayHaveAlpha - whether the video can be transparent
 * @yields each picture, in memory for as long as it isn't closed
 * @throws CheckFailure `too-large`, or `undecodable` for anything else than such pictures
 */
export async function* readPam(
  stream: AsyncIterable<Uint8Array>,
  maxPixels: number,
  mayHaveAlpha: boolean,
): AsyncGenerator<DecodedImage> {
  let head = Buffer.alloc(0);
  let frame: { width: number; height: number; rgba: Uint8Array; filled: number } | null = null;
  for await (const chunk of stream) {
    let rest: Uint8Array = chunk;
    while (rest.length > 0) {
      if (frame === null) {
        const before = head.length;
        head = Buffer.concat([head, rest.subarray(0, MAX_HEADER_BYTES - before)]);
        const end = head.indexOf(END);
        if (end < 0) {
          if (head.length >= MAX_HEADER_BYTES) undecodable();
          rest = rest.subarray(head.length - before);
          continue;
        }
        const { width, height } = sizeOf(head.subarray(0, end).toString('latin1'));
        if (width * height > maxPixels) throw new CheckFailure('too-large', 'more pixels than the limit');
        frame = { width, height, rgba: new Uint8Array(width * height * 4), filled: 0 };
        rest = rest.subarray(end + END.length - before);
        head = Buffer.alloc(0);
      }
      const part = rest.subarray(0, frame.rgba.length - frame.filled);
      frame.rgba.set(part, frame.filled);
      frame.filled += part.length;
      rest = rest.subarray(part.length);
      if (frame.filled < frame.rgba.length) continue;
      yield pixels(frame.width, frame.height, frame.rgba, mayHaveAlpha);
      frame = null;
    }
  }
  if (frame !== null || head.length > 0) throw new CheckFailure('undecodable', 'the last frame is cut off');
}

function sizeOf(header: string): { width: number; height: number } {
  const field = (name: string) => Number(new RegExp(`^${name} (\\d{1,6})$`, 'm').exec(header)?.[1] ?? 0);
  const width = field('WIDTH');
  const height = field('HEIGHT');
  if (!header.startsWith('P7\n') || field('DEPTH') !== 4 || field('MAXVAL') !== 255) undecodable();
  if (width < 1 || height < 1) undecodable();
  return { width, height };
}

function pixels(width: number, height: number, rgba: Uint8Array, mayHaveAlpha: boolean): DecodedImage {
  return {
    width,
    height,
    mayHaveAlpha,
    readRows: (y, count) => rgba.subarray(y * width * 4, (y + count) * width * 4),
    close: () => {},
  };
}

function undecodable(): never {
  throw new CheckFailure('undecodable', 'ffmpeg gave something else than pictures');
}
