/**
 * Test entry, bundled and loaded by a page: an animation's frames as the platform's decoder shows them, and as they are put
 * together from stills.
 * @module
 */
import { DEFAULT_LIMITS } from '../../../src/limits.js';
import { openComposed } from '../../../src/scan/animation/composed.js';
import { SNIFF_BYTES, sniff } from '../../../src/scan/sniff.js';
import { openAnimation } from '../../../src/worker/animation-decoder.js';
import { createBrowserDecoder } from '../../../src/worker/browser-decoder.js';

async function framesInBrowser(file: Blob, how: 'platform' | 'stills') {
  const type = await sniff(new Uint8Array(await file.slice(0, SNIFF_BYTES).arrayBuffer()));
  const decoder = createBrowserDecoder([], async () => null, DEFAULT_LIMITS);
  const frames =
    how === 'platform' ? await openAnimation(file, type) : await openComposed(file, type, decoder, 1e6);
  if (frames === null) return null;
  const seen: string[] = [];
  for (let i = 0; i < frames.count; i++) {
    const image = await frames.frame(i);
    seen.push(btoa(String.fromCharCode(...image.readRows(0, image.height))));
    image.close();
  }
  frames.close();
  return seen;
}

Object.assign(globalThis, { framesInBrowser });
