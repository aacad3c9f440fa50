/**
 * Test entry, bundled and loaded by a page: what the scan worker's decoder and kernel make of a picture. The
 * package itself never shows a hash.
 * @module
 */
import { dihedralHashes } from '../../../src/kernels/dihedral.js';
import { createPdqKernel } from '../../../src/kernels/pdq.js';
import { hashToHex } from '../../../src/kernels/pdq-hex.js';
import { DEFAULT_LIMITS } from '../../../src/limits.js';
import { hashPicture } from '../../../src/scan/pipeline.js';
import { SNIFF_BYTES, sniff } from '../../../src/scan/sniff.js';
import { createBrowserDecoder } from '../../../src/worker/browser-decoder.js';

const decoder = createBrowserDecoder([], async () => null, DEFAULT_LIMITS);

async function hashInBrowser(file: Blob) {
  const kernel = await createPdqKernel();
  const type = await sniff(new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer()));
  const hashed = await hashPicture(file, type, { decoder, kernel, limits: DEFAULT_LIMITS });
  return hashed?.pictures.map(({ hash }) => ({
    kernel: kernel.name,
    quality: hash.quality,
    dihedral: dihedralHashes(hash).map(({ bits }) => hashToHex(bits)),
  }));
}

Object.assign(globalThis, { hashInBrowser });
