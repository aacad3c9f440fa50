/**
 * PDQ of an encoded picture, in Node, through the publisher's decoder.
 * @module
 */
import { createPdqReference } from '../../src/kernels/pdq-reference.js';
import type { PdqHash } from '../../src/kernels/types.js';
import { DEFAULT_LIMITS } from '../../src/limits.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import { hashPicture } from '../../src/scan/pipeline.js';
import { sniff } from '../../src/scan/sniff.js';

/** @returns the picture's own hash, composited on white if it is transparent */
export async function hashPhoto(bytes: Uint8Array): Promise<PdqHash> {
  const context = {
    decoder: createNodeDecoder(DEFAULT_LIMITS),
    kernel: createPdqReference(),
    limits: DEFAULT_LIMITS,
  };
  const hashed = await hashPicture(new Blob([bytes as BlobPart]), await sniff(bytes), context);
  if (hashed === null) throw new Error('cancelled');
  return hashed.pictures[0].hash;
}
