/**
 * Decodes one picture of a HEIC file with libheif: upright, colour profiles ignored, alpha kept, 8 bits a channel.
 * @module
 */
import { CheckFailure, type DecodedImage } from '../scan/types.js';
import type { Libheif, MakeLibheif, Pointer } from './libheif.js';

/** `heif_colorspace_RGB`, `heif_chroma_interleaved_RGB` and `_RGBA`, `heif_channel_interleaved`. */
const RGB = 1;
const CHROMA = { opaque: 10, alpha: 11 };
const INTERLEAVED = 10;

/** Codes of `heif_error` that mean something else than a damaged file. */
const UNSUPPORTED = [3, 4];
const MEMORY = 6;

/** Bytes of a `heif_error`: code, subcode, message. */
const RESULT_BYTES = 12;

/**
 * @param make - makes instances of libheif
 * @param file - all of the file
 * @param id - the picture's item
 * @param maxPixels - refuses larger pictures before it decodes them
 * @returns the picture; its pixels stay in the instance's heap until it is closed
 * @throws CheckFailure `unsupported`, `too-large`, `undecodable`
 */
export async function decodePicture(
  make: MakeLibheif,
  file: Uint8Array,
  id: number,
  maxPixels: number,
): Promise<DecodedImage> {
  try {
    return decodeWith(await make(), file, id, maxPixels);
  } catch (cause) {
    if (cause instanceof CheckFailure) throw cause;
    // An abort of the WebAssembly: out of memory, or worse. The instance is left behind.
    const reason = cause instanceof RangeError ? 'too-large' : 'undecodable';
    throw new CheckFailure(reason, 'the HEIC decoder gave up', { cause });
  }
}

function decodeWith(heif: Libheif, file: Uint8Array, id: number, maxPixels: number): DecodedImage {
  const result = heif._malloc(RESULT_BYTES);
  const out = heif._malloc(4);
  const bytes = heif._malloc(file.length);
  if (result === 0 || out === 0 || bytes === 0) throw new CheckFailure('too-large', 'no memory for the file');
  heif.HEAPU8.set(file, bytes);
  const received = (): Pointer => {
    check(heif, result);
    return heif.HEAPU32[out >> 2];
  };
  const tooLarge = (width: number, height: number) => {
    if (width * height > maxPixels) throw new CheckFailure('too-large', 'more pixels than the limit');
  };

  const context = heif._heif_context_alloc();
  heif._heif_context_set_maximum_image_size_limit(context, Math.ceil(Math.sqrt(maxPixels)));
  heif._heif_context_read_from_memory_without_copy(result, context, bytes, file.length, 0);
  check(heif, result);
  heif._heif_context_get_image_handle(result, context, id, out);
  const handle = received();
  tooLarge(heif._heif_image_handle_get_width(handle), heif._heif_image_handle_get_height(handle));
  const hasAlpha = heif._heif_image_handle_has_alpha_channel(handle) !== 0;
  heif._heif_decode_image(result, handle, out, RGB, hasAlpha ? CHROMA.alpha : CHROMA.opaque, 0);
  const image = received();
  const width = heif._heif_image_get_width(image, INTERLEAVED);
  const height = heif._heif_image_get_height(image, INTERLEAVED);
  if (width < 1 || height < 1) throw new CheckFailure('undecodable', 'no pixels');
  tooLarge(width, height);
  const plane = heif._heif_image_get_plane_readonly2(image, INTERLEAVED, out);
  const stride = heif.HEAPU32[out >> 2];
  if (plane === 0 || stride < width * (hasAlpha ? 4 : 3)) throw new CheckFailure('undecodable', 'no pixels');
  const isPremultiplied = hasAlpha && heif._heif_image_is_premultiplied_alpha(image) !== 0;
  const end = plane + stride * height;
  if (end > heif.HEAPU8.length) throw new CheckFailure('undecodable', 'no pixels');

  let pixels: Uint8Array | null = heif.HEAPU8.subarray(plane, end);
  return {
    width,
    height,
    mayHaveAlpha: hasAlpha,
    readRows(y, count) {
      if (pixels === null) throw new Error('the picture is closed');
      const rows = new Uint8Array(width * count * 4);
      for (let row = 0; row < count; row++) {
        const from = pixels.subarray((y + row) * stride, (y + row + 1) * stride);
        const to = rows.subarray(row * width * 4, (row + 1) * width * 4);
        if (!hasAlpha) expand(from, to);
        else to.set(from.subarray(0, to.length));
        if (isPremultiplied) unmultiply(to);
      }
      return rows;
    },
    close() {
      // The last reference to the instance's heap.
      pixels = null;
    },
  };
}

function check(heif: Libheif, result: Pointer): void {
  const code = heif.HEAPU32[result >> 2];
  if (code === 0) return;
  const reason = code === MEMORY ? 'too-large' : UNSUPPORTED.includes(code) ? 'unsupported' : 'undecodable';
  throw new CheckFailure(reason, `libheif: ${textAt(heif.HEAPU8, heif.HEAPU32[(result >> 2) + 2])}`);
}

/** A C string, its end cut off where it is long. */
function textAt(heap: Uint8Array, at: Pointer): string {
  const end = heap.indexOf(0, at);
  return String.fromCharCode(...heap.subarray(at, Math.min(end < at ? at : end, at + 200))).trim();
}

function expand(rgb: Uint8Array, rgba: Uint8Array): void {
  for (let from = 0, to = 0; to < rgba.length; from += 3, to += 4) {
    rgba[to] = rgb[from];
    rgba[to + 1] = rgb[from + 1];
    rgba[to + 2] = rgb[from + 2];
    rgba[to + 3] = 255;
  }
}

function unmultiply(rgba: Uint8Array): void {
  for (let i = 0; i < rgba.length; i += 4) {
    const alpha = rgba[i + 3];
    if (alpha === 0 || alpha === 255) continue;
    for (let c = i; c < i + 3; c++) rgba[c] = Math.min(255, Math.round((rgba[c] * 255) / alpha));
  }
}
