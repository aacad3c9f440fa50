/**
 * Bundled for the page of a test: PDQ hashes of HEIC pictures, by the platform or by the part over libheif.
 * @module
 */
import { createHeicPart } from '../../../src/heic/heic-part.js';
import { createPdqKernel } from '../../../src/kernels/pdq.js';
import { hashToHex } from '../../../src/kernels/pdq-hex.js';
import { DEFAULT_LIMITS } from '../../../src/limits.js';
import { withHeic } from '../../../src/scan/heic.js';
import { hashPicture } from '../../../src/scan/pipeline.js';
import { sniff } from '../../../src/scan/sniff.js';
import { createBrowserDecoder } from '../../../src/worker/browser-decoder.js';

const limits = DEFAULT_LIMITS;

/** @returns the hashes as hex, or why there are none */
async function heicInBrowser(url: string, library: string | null): Promise<string[] | string> {
  const bytes = new Uint8Array(await (await fetch(url, { cache: 'no-store' })).arrayBuffer());
  const heic = library && (await createHeicPart(await import(library)));
  const parts = { has: () => heic !== null, get: async () => heic as never };
  const decoder = withHeic({
    decoder: createBrowserDecoder([], async () => null, limits),
    parts,
    limits,
  });
  const context = { decoder, kernel: await createPdqKernel(), limits };
  try {
    const hashed = await hashPicture(new Blob([bytes]), await sniff(bytes), context);
    return (hashed?.pictures ?? []).map(({ hash }) => hashToHex(hash.bits));
  } catch (error) {
    return (error as { reason?: string }).reason ?? String(error);
  }
}

Object.assign(globalThis, { heicInBrowser });
