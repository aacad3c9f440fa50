/**
 * Names and labels: UTF-8 without control characters (docs/snapshot-format.md, 1.5 and 2.5).
 * @module
 */

/** Bytes of the longest name or label. */
export const MAX_TEXT_BYTES = 255;
/** Most labels of a list. */
export const MAX_LABELS = 65535;

/** A table of labels in the order of the format, and where each label went. */
export interface LabelTable {
  /** In ascending order of their bytes, each once. */
  labels: string[];
  /** For each label that was given, its id in `labels`. */
  ids: Uint16Array;
}

/**
 * Sorts labels as the format wants them. Build sections with ids in this table.
 * @param labels - in any order, repeated or not; the empty string is "no label"
 * @returns the table
 * @throws RangeError for a label that the format doesn't allow, or too many
 */
export function labelTable(labels: readonly string[]): LabelTable {
  const encoded = new Map([...new Set(labels)].map((label) => [label, encodeText(label, 'labels')]));
  const sorted = [...encoded].sort(([, a], [, b]) => compareText(a, b)).map(([label]) => label);
  if (sorted.length > MAX_LABELS) throw new RangeError(`'labels' must be at most ${MAX_LABELS}`);
  const idOf = new Map(sorted.map((label, id) => [label, id]));
  return { labels: sorted, ids: Uint16Array.from(labels, (label) => idOf.get(label)!) };
}

/**
 * @param text - a name or label
 * @param option - its name in the message
 * @returns its bytes
 * @throws TypeError where it is no string
 * @throws RangeError where it is too long, not well-formed or has control characters
 */
export function encodeText(text: string, option: string): Uint8Array {
  if (typeof text !== 'string') throw new TypeError(`'${option}' must be a string`);
  const bytes = new TextEncoder().encode(text);
  if (bytes.length > MAX_TEXT_BYTES)
    throw new RangeError(`'${option}' must have at most ${MAX_TEXT_BYTES} bytes`);
  // A lone surrogate was encoded as a replacement character.
  if (decodeText(bytes) !== text) {
    throw new RangeError(`'${option}' must be well-formed text without control characters`);
  }
  return bytes;
}

/**
 * @param bytes - of a name or label
 * @returns the text, or null where it is not well-formed or has control characters
 */
export function decodeText(bytes: Uint8Array): string | null {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
  return /\p{Cc}/u.test(text) ? null : text;
}

/**
 * @param a - bytes
 * @param b - bytes
 * @returns below, equal to or above zero, as a comes before, with or after b byte by byte
 */
export function compareText(a: Uint8Array, b: Uint8Array): number {
  const shared = Math.min(a.length, b.length);
  for (let i = 0; i < shared; i++) if (a[i] !== b[i]) return a[i] - b[i];
  return a.length - b.length;
}
