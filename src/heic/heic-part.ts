/**
 * The HEIC part, over an imported libheif; the same in a worker and in Node.
 * @module
 */
import type { HeicPart } from '../scan/heic.js';
import { heicSample, isSampleDecoded } from '../scan/heic-sample.js';
import { readHeif } from '../scan/heif.js';
import { decodePicture } from './decode.js';
import { prepareLibheif } from './libheif.js';

/**
 * @param library - the imported module
 * @returns the part, which has decoded a sample
 * @throws Error where the library is something else, or can't decode
 */
export async function createHeicPart(library: unknown): Promise<HeicPart> {
  if (library === undefined) throw new Error('the part "heic" was declared without its library');
  const make = await prepareLibheif(library);
  const part: HeicPart = {
    decode: (file, id, maxPixels) => decodePicture(make, file, id, maxPixels),
  };
  const sample = heicSample();
  const { primary } = await readHeif(new Blob([sample]));
  const image = await part.decode(sample, primary.id, 2 ** 20);
  const isRight = isSampleDecoded(image);
  image.close();
  if (!isRight) throw new Error('the library of the part "heic" decodes its sample wrongly');
  return part;
}
