/**
 * Files that are handed over by mistake: text in another encoding, compressed files, spreadsheets.
 * @module
 */

/** First bytes of files that are often handed over by mistake. */
const FOREIGN: readonly [bytes: readonly number[], message: string][] = [
  [[0xff, 0xfe], 'is UTF-16 text; save it as UTF-8'],
  [[0xfe, 0xff], 'is UTF-16 text; save it as UTF-8'],
  [[0x1f, 0x8b], 'is compressed with gzip; unpack it first'],
  [[0x50, 0x4b, 0x03, 0x04], 'is a ZIP archive or a spreadsheet; export it as CSV'],
];

/** Bytes that {@link foreignFormat} wants to see. */
export const FOREIGN_HEAD_BYTES = 4;

/**
 * @param head - the first bytes of a file
 * @returns what is wrong with it, or undefined where it may be text in UTF-8
 */
export function foreignFormat(head: Uint8Array): string | undefined {
  return FOREIGN.find(([bytes]) => bytes.every((byte, i) => head[i] === byte))?.[1];
}
