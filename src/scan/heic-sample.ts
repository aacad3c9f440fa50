/**
 * A HEIC picture of 64 x 64 pixels, the upper half light, the lower half dark: tells whether something decodes HEIC.
 * @module
 */
import type { DecodedImage } from './types.js';

/** Made with `heif-enc -q 50` from two plain rectangles. */
const SAMPLE =
  'AAAAHGZ0eXBoZWljAAAAAG1pZjFoZWljbWlhZgAAAUJtZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAAAAAAABAAAAImlsb2MAAAAAREAAAQABAAAAAAFmAAEAAAAAAAAANQAAACNpaW5mAAAAAAABAAAAFWluZmUCAAAAAAEAAGh2YzEAAAAAwmlwcnAAAACkaXBjbwAAAHhodmNDAQNwAAAAAAAAAAAAHvAA/P34+AAADwMgAAEAGEABDAH//wNwAAADAJAAAAMAAAMAHroCQCEAAQArQgEBA3AAAAMAkAAAAwAAAwAeoCCBBZbqSSmubgQEDAgAAAMACAAAAwAIQCIAAQAHRAHBcrAiQAAAABRpc3BlAAAAAAAAAEAAAABAAAAAEHBpeGkAAAAAAwgICAAAABZpcG1hAAAAAAAAAAEAAQOBAoMAAAA9bWRhdAAAADEoAa8TgHklKLHB7//EM0oAI///3vJUAAbZQ3d/2nVjR8XnOJpu6kaWprTEYvCDiOqQ';

/** Values that the halves were made with, and how far off a decoder may be. */
const LIGHT = 230;
const DARK = 25;
const TOLERANCE = 16;

/** @returns the file */
export function heicSample(): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(SAMPLE), (c) => c.charCodeAt(0));
}

/** @returns whether a decoder made of the sample what it shows */
export function isSampleDecoded(image: DecodedImage): boolean {
  if (image.width !== 64 || image.height !== 64) return false;
  const shows = (y: number, value: number) =>
    image
      .readRows(y, 1)
      .every((byte, i) => (i % 4 === 3 ? byte === 255 : Math.abs(byte - value) <= TOLERANCE));
  return shows(16, LIGHT) && shows(48, DARK);
}
