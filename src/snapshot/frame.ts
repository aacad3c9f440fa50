/**
 * What snapshots and deltas have in common: magic bytes, a format version, a length, a checksum at the end.
 * @module
 */
import { crc32c } from './crc32c.js';
import { CHECKSUM_BYTES } from './format.js';

/** Where a format keeps these things. */
export interface Frame {
  /** `snapshot` or `delta`; in messages. */
  readonly what: string;
  readonly magic: readonly number[] | Uint8Array;
  /** Offsets of the version (two bytes), the file's length (four), and the end of the fixed header. */
  readonly field: {
    readonly formatVersion: number;
    readonly fileLength: number;
    readonly sectionTable: number;
  };
  readonly version: number;
}

/** What is wrong with a frame. */
export type FrameProblem = 'magic' | 'truncated' | 'unsupported-version' | 'malformed' | 'checksum';

/**
 * @param bytes - a whole file
 * @param view - of the same bytes
 * @param frame - what it has to be
 * @param fail - throws the format's own error
 */
export function checkFrame(
  bytes: Uint8Array,
  view: DataView,
  { what, magic, field, version }: Frame,
  fail: (problem: FrameProblem, message: string) => never,
): void {
  if (bytes.length === 0 || Array.from(magic).some((byte, i) => i < bytes.length && bytes[i] !== byte))
    fail('magic', `no ${what} begins like this`);
  if (bytes.length < field.sectionTable + CHECKSUM_BYTES)
    fail('truncated', `the ${what} ends within its header`);
  const found = view.getUint16(field.formatVersion, true);
  if (found !== version) fail('unsupported-version', `format version ${found} is not known`);
  const length = view.getUint32(field.fileLength, true);
  if (bytes.length !== length) {
    const problem = bytes.length < length ? 'truncated' : 'malformed';
    fail(problem, `the ${what} has ${bytes.length} bytes and should have ${length}`);
  }
  const end = bytes.length - CHECKSUM_BYTES;
  if (view.getUint32(end, true) !== crc32c(bytes.subarray(0, end)))
    fail('checksum', `the checksum is wrong: the ${what} is damaged`);
}
