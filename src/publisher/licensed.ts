/**
 * Lists of a licensee's signal (docs/signals.md): from lines of text to a section of a snapshot.
 * @module
 */
import { addLicensedSection, type LicensedEntry } from '../snapshot/licensed-section.js';
import type { SignalType } from '../snapshot/signal-type.js';
import { PublisherError } from './errors.js';
import { Findings } from './findings.js';
import { openSnapshot } from './inspect.js';
import { LabelParser } from './lists/label-parser.js';
import { LineSplitter } from './lists/lines.js';
import type { ListSource } from './lists/types.js';

/** Room for a label of 255 bytes, quoted and escaped, and for spaces. */
const MAX_LABEL_COLUMN_BYTES = 1024;

/**
 * Adds a section of a licensee's signal to a snapshot. Reads all lists to the end before it refuses any.
 *
 * A list is text in UTF-8: on each line a hash in hex digits, and perhaps a comma and a label, which must be one that the
 * snapshot has. Blank lines and lines that begin with `#` are skipped.
 * @param snapshot - as `build` made it; stays as it is
 * @param type - the signal
 * @param lists - one at least
 * @returns the snapshot with the section; the same for the same entries, whatever their order
 * @throws PublisherError `snapshot-invalid`, `input-unreadable`, `input-invalid` (with findings), `input-empty`, `usage`
 * @example
 * ```ts
 * import { addSignal, fileSource } from 'presieve/publisher';
 * import type { SignalType } from 'presieve/signals';
 *
 * declare const plain: Uint8Array;
 * declare const mySignal: SignalType;
 * const snapshot = await addSignal(plain, mySignal, [fileSource('hashes.csv')]);
 * ```
 */
export async function addSignal(
  snapshot: Uint8Array,
  type: SignalType,
  lists: readonly ListSource[],
): Promise<Uint8Array> {
  const { labels } = openSnapshot(snapshot, 'the snapshot');
  const problems = new Findings();
  const entries: LicensedEntry[] = [];
  for (const list of lists) await readEntries(list, type, labels, entries, problems);
  if (problems.count > 0) {
    const { first, count } = problems;
    throw new PublisherError(
      'input-invalid',
      `${count === 1 ? 'a problem' : `${count} problems`} in the lists; nothing was written`,
      { findings: first, findingCount: count },
    );
  }
  if (entries.length === 0) throw new PublisherError('input-empty', 'the lists have no entry');
  try {
    return addLicensedSection(snapshot, type, entries);
  } catch (cause) {
    throw new PublisherError('usage', (cause as Error).message, { cause });
  }
}

async function readEntries(
  list: ListSource,
  type: SignalType,
  labels: readonly string[],
  entries: LicensedEntry[],
  problems: Findings,
): Promise<void> {
  const parser = new LabelParser();
  const problem = (line: number, message: string) => problems.add(list.name, line, message);
  const maxBytes = type.bytes * 2 + MAX_LABEL_COLUMN_BYTES;
  const splitter = new LineSplitter(
    maxBytes,
    (bytes, start, end, line) => {
      const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start).toString('latin1');
      if (/^\s*(#|$)/.test(text)) return;
      const hex = /^\s*([0-9a-f]*)\s*(,|$)/i.exec(text);
      if (hex === null || hex[1].length !== type.bytes * 2)
        return problem(line, `expected ${type.bytes * 2} hex digits, and perhaps a comma and a label`);
      const parsed =
        hex[2] === '' ? { label: '' } : parser.parse(bytes, start + hex[0].length, trimmedEnd(bytes, end));
      if (parsed.problem !== undefined) return problem(line, parsed.problem);
      if (!labels.includes(parsed.label))
        return problem(
          line,
          parsed.label === ''
            ? 'no label, and the snapshot has no entry without one'
            : 'the snapshot does not have this label',
        );
      entries.push({ hash: Uint8Array.from(Buffer.from(hex[1], 'hex')), label: parsed.label });
    },
    (line) => problem(line, `longer than ${maxBytes} bytes`),
  );
  for await (const chunk of list.open()) splitter.push(chunk);
  splitter.end();
}

function trimmedEnd(bytes: Uint8Array, end: number): number {
  return bytes[end - 1] === 0x0d ? end - 1 : end;
}
