/**
 * From one label table to the next (docs/delta-format.md, 2.2).
 * @module
 */
import { malformed } from './delta-errors.js';
import { compareText, encodeText, MAX_LABELS } from './text.js';

/** How a label table changes. */
export interface LabelChange {
  /** Ids in the old table, ascending. */
  readonly removed: readonly number[];
  /** In order. */
  readonly added: readonly string[];
  /** For each old id the new one, -1 where the label is gone. Ascending but for that. */
  readonly newIds: Int32Array;
}

/** A table after a change. */
export interface ChangedLabels {
  /** Bytes of each label, in order. */
  readonly table: readonly Uint8Array[];
  /** For each old id the new one, -1 where the label is gone. */
  readonly newIds: Int32Array;
}

/**
 * @param base - labels in order
 * @param next - labels in order
 * @returns what leads from one to the other
 */
export function diffLabels(base: readonly string[], next: readonly string[]): LabelChange {
  const idOf = new Map(next.map((label, id) => [label, id]));
  const newIds = Int32Array.from(base, (label) => idOf.get(label) ?? -1);
  const known = new Set(base);
  return {
    removed: [...newIds.keys()].filter((id) => newIds[id] < 0),
    added: next.filter((label) => !known.has(label)),
    newIds,
  };
}

/**
 * @param base - labels in order
 * @param removed - ids in that table, ascending strictly
 * @param added - labels, ascending strictly by their bytes
 * @returns the table after the change
 * @throws DeltaError `malformed` where the change doesn't fit the table
 */
export function changeLabels(
  base: readonly string[],
  removed: readonly number[],
  added: readonly string[],
): ChangedLabels {
  if (removed.length > 0 && removed[removed.length - 1] >= base.length) {
    malformed('a label is removed that the base has not');
  }
  const newIds = new Int32Array(base.length);
  for (const id of removed) newIds[id] = -1;
  const coming = added.map((label) => encodeText(label, 'labels'));
  const table: Uint8Array[] = [];
  let come = 0;
  base.forEach((label, id) => {
    const text = encodeText(label, 'labels');
    while (come < coming.length && compareText(coming[come], text) < 0) table.push(coming[come++]);
    if (come < coming.length && compareText(coming[come], text) === 0) {
      malformed('a label is added that the base has');
    }
    if (newIds[id] >= 0) newIds[id] = table.push(text) - 1;
  });
  while (come < coming.length) table.push(coming[come++]);
  if (table.length > MAX_LABELS) malformed('there are too many labels');
  return { table, newIds };
}
