/**
 * Lists that change over time, and a second, slow reading of docs/delta-format.md.
 * @module
 */
import { addLicensedSection } from '../../src/snapshot/licensed-section.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import type { SignalType } from '../../src/snapshot/signal-type.js';
import { type ListParameters, SIGNAL_BYTES, SIGNALS, type Signal } from '../../src/snapshot/types.js';
import { DEFAULT_VIDEO_THRESHOLDS } from '../../src/snapshot/video-table.js';
import { buildSnapshot, headerOf, type Listed, randomBytes } from './support.js';
import { idOf, type MadeVideo, madeVideo } from './videos.js';

/** Hashes under labels, by signal; a signal that is missing has no section. */
export interface State extends Partial<Record<Signal, readonly Listed[]>> {
  /** Missing: no section. */
  videos?: readonly MadeVideo[];
  leastFrames?: number;
  /** Entries of a licensee's signal, told by their seeds. Missing: no section. */
  licensed?: readonly number[];
}

/** A licensee's signal of which nothing is looked up here. */
const LICENSED: SignalType = {
  name: 'made up',
  kind: 0x8002,
  bytes: 16,
  keyPositions: Array.from({ length: 64 }, (_, i) => i),
  sketchPositions: Array.from({ length: 64 }, (_, i) => 64 + i),
  hash: () => undefined,
  probes: () => [],
  accepts: () => false,
};

/** One change of a list. Numbers choose among what there is, whatever that is. */
export type Change =
  | { kind: 'add'; signal: number; seed: number; count: number; label: number }
  | { kind: 'remove'; signal: number; at: number; count: number }
  | { kind: 'label'; signal: number; at: number; label: number }
  | { kind: 'rename'; from: number; to: number }
  | { kind: 'drop section'; signal: number }
  | { kind: 'empty section'; signal: number }
  | { kind: 'add video'; id: number; frames: number; label: number }
  | { kind: 'remove video'; at: number }
  | { kind: 'label video'; at: number; label: number }
  | { kind: 'video thresholds'; leastFrames: number }
  | { kind: 'drop videos' }
  | { kind: 'license'; seeds: readonly number[] }
  | { kind: 'drop licensed' };

const LABELS = ['', 'A1', 'A2', 'B1', 'ä', '\u{10000}', 'z'];

/** @returns the state after a change */
export function changeState(state: State, change: Change): State {
  const labelOf = (number: number) => LABELS[number % LABELS.length];
  const videos = state.videos ?? [];
  switch (change.kind) {
    case 'rename': {
      const [from, to] = [labelOf(change.from), labelOf(change.to)];
      const rename = <T extends { label: string }>(entries: readonly T[]) =>
        entries.map((entry) => (entry.label === from ? { ...entry, label: to } : entry));
      const renamed: State = { ...state };
      for (const signal of SIGNALS) if (state[signal]) renamed[signal] = rename(state[signal]);
      if (state.videos) renamed.videos = rename(state.videos);
      return renamed;
    }
    case 'add video': {
      const video = madeVideo(change.id, change.frames, labelOf(change.label));
      return { ...state, videos: [...videos.filter(({ id }) => id !== change.id), video] };
    }
    case 'remove video':
      return { ...state, videos: videos.filter((_, i) => i !== change.at % videos.length) };
    case 'label video': {
      const label = labelOf(change.label);
      const relabel = (video: MadeVideo, i: number) =>
        i === change.at % videos.length ? { ...video, label } : video;
      return { ...state, videos: videos.map(relabel) };
    }
    case 'video thresholds':
      return { ...state, leastFrames: change.leastFrames };
    case 'drop videos': {
      const { videos: _, ...rest } = state;
      return rest;
    }
    case 'license':
      return { ...state, licensed: change.seeds };
    case 'drop licensed': {
      const { licensed: _, ...rest } = state;
      return rest;
    }
    default:
      return changeSignal(state, change);
  }
}

function changeSignal(
  state: State,
  change: Extract<Change, { kind: 'add' | 'remove' | 'label' | 'drop section' | 'empty section' }>,
): State {
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
  const { videos, leastFrames = 2, licensed, ...lists } = state;
  const listed = videos && {
    videos: videos.map(({ id, segments, ...video }) => ({
      ...video,
      id: idOf(id),
      segments: Uint8Array.from(segments),
    })),
    thresholds: { ...DEFAULT_VIDEO_THRESHOLDS, leastFrames },
  };
  const file = buildSnapshot(headerOf(parameters, more), lists, listed);
  const { labels } = readSnapshot(file);
  // Its entries have labels of the list: without one there are none.
  if (licensed === undefined || labels.length === 0) return file;
  const entries = licensed.map((seed) => ({
    hash: randomBytes(16, seed),
    label: labels[seed % labels.length],
  }));
  return addLicensedSection(file, LICENSED, entries);
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
