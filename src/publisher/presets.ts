/**
 * Widths of a list's PDQ keys and sketches: which there are to choose from, and two named choices.
 *
 * The format allows more of them (docs/snapshot-format.md, 2.3), some of which give a list away: those are for tests.
 * @module
 */

/** Bits of the two parts of a PDQ entry. */
export interface ListWidths {
  /** Bits of the key: fewer find more and give more away. One of {@link KEY_BITS}. */
  keyBits: number;
  /** Bits of the sketch: fewer are smaller, and tell less well apart what the key can't. One of {@link SKETCH_BITS}. */
  sketchBits: number;
}

/** Name of a choice of widths. */
export type ListPreset = 'compact' | 'precise';

/** Key widths that a list may be built with. */
export const KEY_BITS: readonly number[] = [56, 64, 72, 80, 96];

/** Sketch widths that a list may be built with. */
export const SKETCH_BITS: readonly number[] = [32, 48, 64, 96];

/** The default of a list's first build. */
export const DEFAULT_PRESET: ListPreset = 'precise';

/** The named choices; docs/near-match.md has what each costs and finds. */
export const LIST_PRESETS: Readonly<Record<ListPreset, Readonly<ListWidths>>> = {
  precise: { keyBits: 64, sketchBits: 96 },
  compact: { keyBits: 64, sketchBits: 64 },
};
