/**
 * The fingerprint worker: takes a file in and gives its fingerprint out. It makes no request. Built as one self-contained
 * file, apart from the scan worker, which gives no fingerprint to anyone.
 * @module
 */
import * as Comlink from 'comlink';
import { createPdqKernel } from '../kernels/pdq.js';
import type { Limits } from '../limits.js';
import { CheckFailure } from '../scan/types.js';
import { createBrowserDecoder } from '../worker/browser-decoder.js';
import { PartLoader } from '../worker/part-loader.js';
import { sealGlobals } from '../worker/seal.js';
import { fingerprintFile } from './fingerprint-file.js';
import { FINGERPRINT_PROTOCOL, type FingerprintReply, type FingerprintWorkerApi } from './protocol.js';

let settings: Limits;
let loader: PartLoader;

const api: FingerprintWorkerApi = {
  async hello(limits, parts) {
    settings = limits;
    loader = new PartLoader(parts);
    return FINGERPRINT_PROTOCOL;
  },

  async createPart(name, files) {
    try {
      await loader.create(name, files);
      return { ok: true, value: 'part-ready' };
    } catch (error) {
      return { ok: false, code: 'internal', message: error instanceof Error ? error.message : String(error) };
    }
  },

  async run(file, onProgress): Promise<FingerprintReply> {
    try {
      const value = await fingerprintFile(file, {
        kernel: await createPdqKernel(),
        decoder: createBrowserDecoder([], async () => null, settings),
        // A part that can't be had leaves the digests, and the fingerprint says so.
        video: await loader.get('video'),
        limits: settings,
        onProgress,
      });
      return { ok: true, value };
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      return { ok: false, code: error instanceof CheckFailure ? 'unreadable' : 'internal', message };
    }
  },
};

sealGlobals(globalThis);
// Synchronous, before anything is awaited: a call that comes before the worker listens would be lost.
Comlink.expose(api);
