/**
 * Lists that change over time, and a second, slow reading of docs/delta-format.md.
 * @module
 */
import { type ListParameters, SIGNAL_BYTES, SIGNALS, type Signal } from '../../src/snapshot/types.js';
import { buildSnapshot, headerOf, type Listed, randomBytes } from './support.js';

/** Hashes under labels, by signal; a signal that is missing has no section. */
export type State = Partial<Record<Signal, readonly Listed[]>>;

/** One change of a list. Numbers choose among what there is, whatever that is. */
export type Change =
  | { kind: 'add'; signal: number; seed: number; count: number; label: number }
  | { kind: 'remove'; signal: number; at: number; count: number }
  | { kind: 'label'; signal: number; at: number; label: number }
  | { kind: 'rename'; from: number; to: number }
  | { kind: 'drop section'; signal: number }
  | { kind: 'empty section'; signal: number };

const LABELS = ['', 'A1', 'A2', 'B1', 'ä', '\u{10000}', 'z'];

/** @returns the state after a change */
export function changeState(state: State, change: Change): State {
  if (change.kind === 'rename') {
    const [from, to] = [LABELS[change.from % LABELS.length], LABELS[change.to % LABELS.length]];
    const rename = (entry: Listed) => (entry.label === from ? { ...entry, label: to } : entry);
    return Object.fromEntries(Object.entries(state).map(([signal, list]) => [signal, list.map(rename)]));
  }
  const signal = SIGNALS[change.signal % SIGNALS.length];
  const list = state[signal] ?? [];
  switch (change.kind) {
    case 'add': {
      const size = SIGNAL_BYTES[signal];
      const bytes = randomBytes(change.count * size, change.seed);
      const label = LABELS[change.label % LABELS.length];
      const more = Array.from({ length: change.count }, (_, i) => ({
        hash: bytes.slice(i * size, (i + 1) * size),
        label,
      }));
      return { ...state, [signal]: [...list, ...more] };
    }
    case 'remove': {
      const at = list.length === 0 ? 0 : change.at % list.length;
      return { ...state, [signal]: list.filter((_, i) => i < at || i >= at + change.count) };
    }
    case 'label': {
      const label = LABELS[change.label % LABELS.length];
      const at = list.length === 0 ? 0 : change.at % list.length;
      return { ...state, [signal]: list.map((entry, i) => (i === at ? { ...entry, label } : entry)) };
    }
    case 'empty section':
      return { ...state, [signal]: [] };
    case 'drop section': {
      const { [signal]: _, ...rest } = state;
      return rest;
    }
  }
}

/** @returns the snapshot of a state, built from scratch */
export function snapshotOf(parameters: ListParameters, state: State, version: number): Uint8Array {
  const more = {
    name: version % 7 === 0 ? 'renamed' : 'test',
    version,
    createdSeconds: 1_700_000_000 + version * 2 ** 30,
    demo: version % 5 === 0,
  };
  return buildSnapshot(headerOf(parameters, more), state);
}

/** Rows of a delta's section table after clause 2.1. Nothing is checked. */
export function readRows(
  delta: Uint8Array,
): { kind: number; bytes: number; removed: number; added: number; removalBytes: number }[] {
  const view = new DataView(delta.buffer, delta.byteOffset, delta.byteLength);
  return Array.from({ length: delta[52] }, (_, i) => {
    const row = 64 + 20 * i;
    return {
      kind: view.getUint16(row, true),
      bytes: view.getUint32(row + 4, true),
      removed: view.getUint32(row + 8, true),
      added: view.getUint32(row + 12, true),
      removalBytes: view.getUint32(row + 16, true),
    };
  });
}
