/**
 * Test entry, bundled and started as a module worker: tells what the platform offers there.
 * @module
 */

/** Codec strings of WebCodecs (W3C WebCodecs Codec Registry). */
const VIDEO = {
  'H.264': 'avc1.42001f',
  VP8: 'vp8',
  VP9: 'vp09.00.10.08',
  AV1: 'av01.0.04M.08',
  HEVC: 'hev1.1.6.L93.B0',
};

async function works(attempt: () => unknown): Promise<boolean> {
  try {
    return (await attempt()) !== false;
  } catch {
    return false;
  }
}

async function decodes(path: string): Promise<boolean> {
  const file = await (await fetch(path)).blob();
  return works(async () => (await createImageBitmap(file)).close());
}

async function opfsHandle(): Promise<boolean> {
  const folder = await navigator.storage.getDirectory();
  const file = await folder.getFileHandle('capabilities', { create: true });
  // Only in workers, and so not in TypeScript's types of a page.
  type SyncFile = FileSystemFileHandle & { createSyncAccessHandle(): Promise<{ close(): void }> };
  (await (file as SyncFile).createSyncAccessHandle()).close();
  return true;
}

function storesBlob(): Promise<boolean> {
  return new Promise((resolve) => {
    const opening = indexedDB.open('capabilities', 1);
    opening.onerror = () => resolve(false);
    opening.onupgradeneeded = () => opening.result.createObjectStore('blobs');
    opening.onsuccess = () => {
      const database = opening.result;
      const done = (worked: boolean) => {
        database.close();
        resolve(worked);
      };
      try {
        const writing = database.transaction('blobs', 'readwrite');
        writing.objectStore('blobs').put(new Blob(['blob']), 'key');
        writing.oncomplete = () => done(true);
        writing.onabort = () => done(false);
      } catch {
        done(false);
      }
    };
  });
}

/** `(module (func (result v128) i32.const 0 i8x16.splat))`. */
const SIMD_MODULE = new Uint8Array([
  ...[0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 8, 1, 6, 0, 65, 0, 253, 15, 11],
]);

async function capabilities(pictures: Record<string, string>): Promise<Record<string, boolean>> {
  const found: Record<string, boolean> = { 'module worker': true };
  for (const [kind, path] of Object.entries(pictures)) found[`picture: ${kind}`] = await decodes(path);
  found['OffscreenCanvas 2d'] = await works(() => new OffscreenCanvas(1, 1).getContext('2d') !== null);
  found['WebAssembly SIMD'] = WebAssembly.validate(SIMD_MODULE);
  found.SharedArrayBuffer = typeof SharedArrayBuffer !== 'undefined';
  found['ImageDecoder (frames of animations)'] = typeof ImageDecoder !== 'undefined';
  for (const [name, codec] of Object.entries(VIDEO)) {
    found[`VideoDecoder ${name}`] = await works(
      async () => (await VideoDecoder.isConfigSupported({ codec })).supported === true,
    );
  }
  found['Web Locks'] = await works(() => navigator.locks.request('capabilities', () => true));
  found.IndexedDB = await works(() => indexedDB.databases());
  found['Blob in IndexedDB'] = await storesBlob();
  found['OPFS sync handle'] = await works(opfsHandle);
  found['Ed25519 in WebCrypto'] = await works(() => crypto.subtle.generateKey('Ed25519', false, ['sign']));
  for (const format of ['gzip', 'deflate-raw'] as const) {
    found[`DecompressionStream ${format}`] = await works(() => new DecompressionStream(format));
  }
  found['WebGPU adapter'] = await works(
    async () =>
      (await (navigator as { gpu?: { requestAdapter(): Promise<unknown> } }).gpu?.requestAdapter()) instanceof
      Object,
  );
  return found;
}

addEventListener('message', async ({ data }: MessageEvent<Record<string, string>>) => {
  postMessage(await capabilities(data));
});
