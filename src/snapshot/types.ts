/**
 * What a snapshot holds. Pure values: no DOM, no Node, no clock. Clauses are those of docs/snapshot-format.md.
 * @module
 */

/** A signal whose entries are digests of whole files. */
export type ExactSignal = 'md5' | 'sha1' | 'sha256';
/** Every signal of format version 1. */
export type Signal = ExactSignal | 'pdq';

/** Bytes of a digest or hash, by signal. */
export const SIGNAL_BYTES: Readonly<Record<Signal, number>> = { md5: 16, sha1: 20, sha256: 32, pdq: 32 };

/** Every signal in the order of its section's kind (2.4): kind 1 is the first. */
export const SIGNALS: readonly Signal[] = ['md5', 'sha1', 'sha256', 'pdq'];

/** The kind of the section of videos (2.4). */
export const VIDEO_KIND = 5;

/** Widths that belong to a list for as long as it lives (2.3). */
export interface ListParameters {
  /** 16 bytes; the key of every keyed function. Public. */
  readonly salt: Uint8Array;
  /** Entries that any one section may grow to, 1024 to 2^30. */
  readonly capacity: number;
  /** Which bit positions of a PDQ hash make the key and the sketch (5.2). */
  readonly layout: number;
  /** Bits of a PDQ key, 32 to 96, a multiple of 8. */
  readonly keyBits: number;
  /** Bits of a PDQ sketch, 32 to 128, a multiple of 16. */
  readonly sketchBits: number;
  /** Bits of a PDQ fingerprint: ceil(log2 capacity) + 10 to 16. */
  readonly nearFingerprintBits: number;
  /** Bits of a digest's fingerprint: min(64, ceil(log2 capacity) + 40). */
  readonly exactFingerprintBits: number;
}

/** A snapshot's header. */
export interface SnapshotHeader extends ListParameters {
  /** 1 to 255 bytes of UTF-8, no control characters. */
  readonly name: string;
  /** 1 or more; a higher version replaces a lower one. */
  readonly version: number;
  /** Unix time in seconds. */
  readonly createdSeconds: number;
  /** True for a demo list of harmless pictures. */
  readonly demo: boolean;
}

/** The entries of one section in the order of 3.1, ready to be encoded. Made by `sectionFromHashes`. */
export interface SectionEntries {
  readonly signal: Signal;
  /** Those that the entries were made with. */
  readonly parameters: ListParameters;
  /** Entries, repeated ones left out. */
  readonly count: number;
  /** Low 32 bits of each fingerprint. */
  readonly low: Uint32Array;
  /** High bits of each fingerprint. */
  readonly high: Uint32Array;
  /** Sealed sketches, count x sketchBits / 8 bytes; empty for digests. */
  readonly sketches: Uint8Array;
  readonly labelIds: Uint16Array;
}

/** When a file counts as a copy of a listed video (9.4). A list's own; kept from version to version or not. */
export interface VideoThresholds {
  /** Frames of the file below this PDQ quality are not compared, 0 to 100. */
  readonly quality: number;
  /** Largest PDQ distance of frames that agree, 0 to 31. */
  readonly distance: number;
  /** Percent of the file's compared frames that agree, 1 to 100; 0: this share alone is never enough. */
  readonly queryPercent: number;
  /** Percent of the listed video's segments that are met, 1 to 100; 0: this share alone is never enough. */
  readonly entryPercent: number;
  /** Frames of the file that agree at least, 1 to 255. */
  readonly leastFrames: number;
}

/** Videos by number, in ascending order of their ids. */
export interface VideoTable {
  /** Videos. */
  readonly count: number;
  /** `count` ids of 8 bytes. */
  readonly ids: Uint8Array;
  /** The label of each. */
  readonly labelIds: Uint16Array;
}

/** The videos of a list, ready to be encoded. Made by `videosFromFrames`. */
export interface VideoEntries {
  readonly thresholds: VideoThresholds;
  readonly table: VideoTable;
  /** Frames of all videos. */
  readonly frames: Omit<SectionEntries, 'labelIds'> & {
    /** Of each frame: 16 times the number of its video, plus its segment. */
    readonly owners: Uint32Array;
  };
}

/** The videos of an opened snapshot. */
export interface VideoSection {
  readonly thresholds: VideoThresholds;
  readonly table: VideoTable;
  /** Segments of each video that have a frame: bit i for segment i. */
  readonly segments: Uint16Array;
  /** Bytes of the whole section; those of `frames` are without the table. */
  readonly byteLength: number;
  /** The frames, as PDQ entries with owners (9.3) in the place of label ids. */
  readonly frames: SectionView;
}

/** A section of an opened snapshot: where its parts lie, checked but still compressed. */
export interface SectionView {
  readonly signal: Signal;
  /** Entries. */
  readonly count: number;
  /** Bytes of the whole section. */
  readonly byteLength: number;
  /** Bits of a fingerprint (u). */
  readonly fingerprintBits: number;
  /** Rice parameter (3.4). */
  readonly riceParameter: number;
  /** Golomb–Rice codes, a view of the file's bytes. */
  readonly codes: Uint8Array;
  /** Sealed sketches, a view of the file's bytes; empty for digests. */
  readonly sketches: Uint8Array;
  /** Packed label ids, a view of the file's bytes. */
  readonly labels: Uint8Array;
  /** Bits of a label id (3.5). */
  readonly labelBits: number;
  /** Where to start decoding; see `FingerprintIndex`. */
  readonly index: FingerprintIndex;
}

/**
 * Entry points into a section's codes, one for each range of 2^shift fingerprints, 16 to 32 entries a range on the
 * average. Four words a range: low and high word of the fingerprint before the range (0 if none), bit position of the
 * range's first code, ordinal of its first entry.
 */
export interface FingerprintIndex {
  readonly words: Uint32Array;
  /** Ranges, a power of two. */
  readonly ranges: number;
  /** Bits of a fingerprint below those that choose the range. */
  readonly shift: number;
}

/** A section of a licensee's kind (docs/signals.md), not looked into. */
export interface RawSection {
  readonly kind: number;
  /** Entries, as the section table has it. */
  readonly count: number;
  /** A view of the file's bytes. */
  readonly bytes: Uint8Array;
}

/** A snapshot that was read and checked. It keeps the bytes it was read from, which must not change. */
export interface Snapshot {
  readonly header: SnapshotHeader;
  /** Label of each label id; the empty string is "no label". */
  readonly labels: readonly string[];
  readonly sections: ReadonlyMap<Signal, SectionView>;
  /** The videos, or null where the list has no section of them. */
  readonly videos: VideoSection | null;
  /** Kinds of sections that this version doesn't know (2.4). */
  readonly unknownKinds: readonly number[];
  /** Those of them that are licensees' own. */
  readonly licensed: readonly RawSection[];
  /** Bytes of the whole file. */
  readonly byteLength: number;
}
