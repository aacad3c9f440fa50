/**
 * What a file is, by its first bytes; never by its name or its declared type. The same answer in a browser
 * and in Node, so that both look at the same kinds of file.
 *
 * Magic numbers come from the `file-type` library; SVG (text, so without a magic number) and the animation
 * flags are found here.
 * @module
 */
import { FileTypeParser } from 'file-type/core';

/** Bytes of the file's start that the sniffer looks at. */
export const SNIFF_BYTES = 256 * 1024;

/**
 * - `image`: a still or animated picture, owes a perceptual check.
 * - `video`: owes a perceptual check of its frames.
 * - `container`: may hold pictures that are not unpacked (archives, PDF, office files).
 * - `other`: anything else, text and unknown bytes included.
 */
export type FileKind = 'image' | 'video' | 'container' | 'other';

/** What the sniffer says of a file. */
export interface FileType {
  kind: FileKind;
  /** Short lower-case name: `jpeg`, `png`, `webp`, `avif`, `gif`, `bmp`, `heic`, `tiff`, `svg`, `mp4`, …; `unknown`. */
  type: string;
  /** True for a picture type that every supported platform decodes. */
  decodable: boolean;
  /** True for a picture with more than one frame, or with perhaps more: the end was not in the sniffed bytes. */
  animated: boolean;
}

/** Picture types that Chromium, Firefox, WebKit and the Node decoder all decode. */
const DECODABLE = new Set(['jpeg', 'png', 'webp', 'avif', 'gif', 'bmp']);

/** `file-type` extensions whose short name differs here. */
const RENAMED: Record<string, string> = { jpg: 'jpeg', apng: 'png', tif: 'tiff', heif: 'heic', mpo: 'jpeg' };

const CONTAINERS =
  /^application\/(zip|x-.*(tar|compress|7z|rar|lzip|lzma|xz|bzip|cpio|zst|lz4|ace|arj)|gzip|zstd|pdf|rtf|epub\+zip|java-archive|vnd\.(oasis|openxmlformats|ms-|rar|android\.package).*|msword|x-cfb|postscript|eps)/;

const parser = new FileTypeParser();

/**
 * @param head - the file's first {@link SNIFF_BYTES} bytes, or all of a shorter file
 * @returns its type; unknown bytes are `{ kind: 'other', type: 'unknown' }`
 */
export async function sniff(head: Uint8Array): Promise<FileType> {
  const found = await detect(head);
  if (found === undefined) {
    return looksLikeSvg(head)
      ? stillImage('svg')
      : { kind: 'other', type: 'unknown', decodable: false, animated: false };
  }
  const type = RENAMED[found.ext] ?? found.ext;
  if (type === 'xml') {
    return looksLikeSvg(head)
      ? stillImage('svg')
      : { kind: 'other', type, decodable: false, animated: false };
  }
  if (found.mime.startsWith('image/')) {
    // Some writers of AVIF name the general format first.
    const known = type === 'heic' && hasBrand(head, 'avif') && !hasBrand(head, 'heic') ? 'avif' : type;
    return { ...stillImage(known), animated: isAnimated(head, known, found.ext) };
  }
  const kind = found.mime.startsWith('video/')
    ? 'video'
    : CONTAINERS.test(found.mime)
      ? 'container'
      : 'other';
  return { kind, type, decodable: false, animated: false };
}

function stillImage(type: string): FileType {
  return { kind: 'image', type, decodable: DECODABLE.has(type), animated: false };
}

async function detect(head: Uint8Array): Promise<{ ext: string; mime: string } | undefined> {
  try {
    return await parser.fromBuffer(head);
  } catch {
    // A header cut short or malformed inside a known container: treated as unknown bytes.
    return undefined;
  }
}

/** An `<svg` root after an optional byte order mark, XML declaration, comments and doctype. */
function looksLikeSvg(head: Uint8Array): boolean {
  const text = new TextDecoder('utf-8', { ignoreBOM: false }).decode(head.subarray(0, 4096));
  const body = text.replace(/^\s*(<\?xml[^>]*>|<!--[\s\S]*?-->|<!DOCTYPE[^[>]*(\[[^\]]*\])?[^>]*>|\s)*/i, '');
  return /^<(\w+:)?svg[\s/>]/i.test(body);
}

function isAnimated(head: Uint8Array, type: string, extension: string): boolean {
  switch (type) {
    case 'png':
      return extension === 'apng';
    case 'webp':
      // Animation bit of the VP8X chunk (WebP container specification, "Extended File Format").
      return ascii(head, 12, 'VP8X') && (head[20] & 0x02) !== 0;
    case 'avif':
      return hasBrand(head, 'avis');
    case 'heic':
      // Image sequences (ISO/IEC 23008-12, 7.2 and B.4).
      return ['msf1', 'hevc', 'hevx'].some((brand) => hasBrand(head, brand));
    case 'gif':
      return gifMayMove(head);
    default:
      return false;
  }
}

function ascii(bytes: Uint8Array, at: number, text: string): boolean {
  for (let i = 0; i < text.length; i++) if (bytes[at + i] !== text.charCodeAt(i)) return false;
  return true;
}

/** A brand in the `ftyp` box (ISO/IEC 14496-12, 4.3). */
function hasBrand(head: Uint8Array, brand: string): boolean {
  if (head.length < 16) return false;
  const boxBytes = new DataView(head.buffer, head.byteOffset).getUint32(0);
  const end = Math.min(boxBytes, head.length, 1024);
  for (let at = 8; at + 4 <= end; at += 4) if (at !== 12 && ascii(head, at, brand)) return true;
  return false;
}

/**
 * Walks a GIF's blocks (GIF89a specification, sections 17 to 27). True at the second image descriptor, and
 * where the bytes end before the trailer.
 */
function gifMayMove(head: Uint8Array): boolean {
  const colourTableBytes = (packed: number) => (packed & 0x80 ? 3 << ((packed & 7) + 1) : 0);
  let at = 13 + colourTableBytes(head[10]);
  let frames = 0;
  while (at < head.length) {
    const block = head[at];
    if (block === 0x3b) return false;
    if (block === 0x2c) {
      if (++frames > 1) return true;
      at += 10 + colourTableBytes(head[at + 9]) + 1;
    } else if (block === 0x21) {
      at += 2;
    } else {
      return false; // not a block: decoders stop here too
    }
    while (at < head.length && head[at] !== 0) at += head[at] + 1;
    at++;
  }
  return true;
}
