/**
 * Gets an embedded WebAssembly kernel running, where the platform allows it. Works in any worker and in Node:
 * nothing is fetched, and the module imports nothing.
 * @module
 */

/** Why there is no kernel: the platform has no WebAssembly, has no SIMD, or refuses to compile (a CSP, usually). */
export type WasmRefusal = 'no-webassembly' | 'no-simd' | 'refused';

/** A kernel's exports, or why there are none; then the TypeScript reference is to be used. */
export type WasmKernel<Exports> =
  | { exports: Exports; reason?: undefined }
  | { exports: null; reason: WasmRefusal; cause?: unknown };

/**
 * A module with one function, `() -> v128`, of `i32.const 0; i8x16.splat; i8x16.popcnt`: valid only where
 * there is SIMD in its final form.
 */
const SIMD_PROBE = Uint8Array.of(
  ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00], // magic, version 1
  ...[0x01, 0x05, 0x01, 0x60, 0x00, 0x01, 0x7b], // type 0: () -> v128
  ...[0x03, 0x02, 0x01, 0x00], // function 0 has type 0
  ...[0x0a, 0x0a, 0x01, 0x08, 0x00, 0x41, 0x00, 0xfd, 0x0f, 0xfd, 0x62, 0x0b], // its code
);

/**
 * Tells whether the platform has WebAssembly with 128-bit SIMD.
 * @returns the reason where it has not
 */
export function simdRefusal(): WasmRefusal | undefined {
  if (typeof WebAssembly !== 'object' || typeof WebAssembly.instantiate !== 'function')
    return 'no-webassembly';
  return WebAssembly.validate(SIMD_PROBE) ? undefined : 'no-simd';
}

/**
 * Decodes base64 with what both browsers and Node have.
 * @param base64 - standard alphabet
 * @returns the bytes
 */
export function decodeBase64(base64: string): Uint8Array<ArrayBuffer> {
  const text = atob(base64);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
  return bytes;
}

/**
 * Compiles and instantiates an embedded kernel. Never throws for what the platform can't do.
 * @typeParam Exports - what the module exports; it is the build's promise, not checked here
 * @param base64 - `WASM_BASE64` of a file in generated/
 * @returns its exports, or the reason why there are none
 */
export async function loadWasmKernel<Exports>(base64: string): Promise<WasmKernel<Exports>> {
  const reason = simdRefusal();
  if (reason) return { exports: null, reason };
  try {
    // Asynchronous: browsers bar large synchronous compiles from some threads.
    const { instance } = await WebAssembly.instantiate(decodeBase64(base64));
    return { exports: instance.exports as unknown as Exports };
  } catch (cause) {
    return { exports: null, reason: 'refused', cause };
  }
}
