import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { crc32c } from '../../src/snapshot/crc32c.js';
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { SnapshotError, type SnapshotErrorCode } from '../../src/snapshot/errors.js';
import { unpackBits } from '../../src/snapshot/packed-bits.js';
import { readSnapshot } from '../../src/snapshot/read.js';
import { videosFromFrames } from '../../src/snapshot/video-section.js';
import { openVideoSet, type VideoPart } from '../../src/snapshot/video-set.js';
import { DEFAULT_VIDEO_THRESHOLDS } from '../../src/snapshot/video-table.js';
import { flipBits, queryOf } from './queries.js';
import { headerOf, parametersOf, storedPdq } from './support.js';
import { idOf, madeVideo, videoSnapshot } from './videos.js';

const HEADER = headerOf(parametersOf({ sketchBits: 96 }));
const VIDEOS = [madeVideo(1, 20, 'b'), madeVideo(2, 7, 'a', 3), madeVideo(3, 1, 'b')];
const FILE = videoSnapshot(HEADER, VIDEOS);
/** One row of the section table and the name "test" come before the labels "a" and "b". */
const LABELS = 64 + 16 + 4;
const PRELUDE = LABELS + 4;
const TABLE = PRELUDE + 16;
const VIDEO_LABELS = TABLE + 3 * 8;

/** What each frame of the file is of, in the order of the file. */
function ownersOf(file: Uint8Array): string[] {
  const { frames } = readSnapshot(file).videos!;
  return Array.from({ length: frames.count }, (_, i) => {
    const owner = unpackBits(frames.labels, frames.labelBits, i);
    return `${owner >> 4}:${owner & 15}`;
  });
}

function partsOf(file: Uint8Array, hash: Uint8Array, probes = 2 ** 10): string[] {
  const parts: VideoPart[] = [];
  openVideoSet(readSnapshot(file))!.search(queryOf(hash, 3), { from: 0, to: probes }, (part) =>
    parts.push({ ...part }),
  );
  return parts.map(({ video, segment }) => `${video}:${segment}`);
}

describe('a section of videos', () => {
  it('says what it holds', () => {
    const { videos, labels, sections, unknownKinds } = readSnapshot(FILE);
    expect(sections.size).toBe(0);
    expect(unknownKinds).toEqual([]);
    expect(labels).toEqual(['a', 'b']);
    expect(videos!.thresholds).toEqual(DEFAULT_VIDEO_THRESHOLDS);
    expect(videos!.table.count).toBe(3);
    expect([...videos!.table.labelIds]).toEqual([1, 0, 1]);
    expect(videos!.frames.count).toBe(28);
    expect([...videos!.segments]).toEqual([0xffff, 0b111, 1]);
  });

  it('stores each frame like an entry of the PDQ section, with its video and segment', () => {
    const expected = VIDEOS.flatMap(({ hashes, segments }, video) =>
      segments.map((segment, i) => {
        const stored = storedPdq(HEADER, hashes.subarray(i * 32, (i + 1) * 32), 0);
        return { ...stored, owner: `${video}:${segment}` };
      }),
    ).sort((a, b) => (a.fingerprint < b.fingerprint ? -1 : 1));
    expect(ownersOf(FILE)).toEqual(expected.map(({ owner }) => owner));
    const { frames } = readSnapshot(FILE).videos!;
    expect(Buffer.from(frames.sketches).toString('hex')).toBe(expected.map(({ sketch }) => sketch).join(''));
  });

  it('is the same bytes whatever the order of the videos and of their frames', () => {
    fc.assert(
      fc.property(fc.shuffledSubarray([0, 1, 2], { minLength: 3 }), fc.integer(), (order, seed) => {
        const shuffled = order.map((i) => {
          const { hashes, segments, ...video } = VIDEOS[i];
          const frames = segments.map((segment, at) => ({
            segment,
            hash: hashes.slice(at * 32, at * 32 + 32),
          }));
          frames.sort((a, b) => ((a.hash[0] ^ seed) & 255) - ((b.hash[0] ^ seed) & 255));
          return {
            ...video,
            hashes: Uint8Array.from(frames.flatMap(({ hash }) => [...hash])),
            segments: frames.map(({ segment }) => segment),
          };
        });
        expect(videoSnapshot(HEADER, shuffled)).toEqual(FILE);
      }),
      { numRuns: 30 },
    );
  });

  it('may be empty, and says so', () => {
    const file = encodeSnapshot(HEADER, [], [], videosFromFrames(HEADER, [], DEFAULT_VIDEO_THRESHOLDS));
    const { videos } = readSnapshot(file);
    expect([videos!.table.count, videos!.frames.count]).toEqual([0, 0]);
    expect(readSnapshot(encodeSnapshot(HEADER, [], [])).videos).toBeNull();
  });

  it('keeps thousands of videos apart', () => {
    const many = Array.from({ length: 3000 }, (_, i) => madeVideo(i + 1, 2, `label ${i % 7}`, 2));
    const header = headerOf(parametersOf({ capacity: 2 ** 13, sketchBits: 96 }));
    const file = videoSnapshot(header, many);
    for (const i of [0, 1, 1500, 2999]) {
      expect(partsOf(file, many[i].hashes.slice(0, 32), 1)).toEqual([`${i}:0`]);
      expect(partsOf(file, many[i].hashes.slice(32, 64), 1)).toEqual([`${i}:1`]);
    }
  });

  it.each([
    ['an id of 7 bytes', { id: new Uint8Array(7) }, /'id' must have 8 bytes/],
    ['a segment of 16', { segments: Uint8Array.of(16) }, /'segments' must be below 16/],
    ['more segments than hashes', { segments: new Uint8Array(2) }, /'segments' must be as many/],
  ])('is not made of %s', (_, change, message) => {
    const video = {
      id: idOf(1),
      labelId: 0,
      hashes: new Uint8Array(32).fill(9),
      segments: new Uint8Array(1),
    };
    expect(() => videosFromFrames(HEADER, [{ ...video, ...change }], DEFAULT_VIDEO_THRESHOLDS)).toThrow(
      message,
    );
  });

  it('is not encoded with two videos of one id, a video without frames, or no way to match', () => {
    expect(() => videoSnapshot(HEADER, [VIDEOS[0], VIDEOS[0]])).toThrow(/sorted by their ids/);
    expect(() => videoSnapshot(HEADER, [{ ...VIDEOS[0], hashes: new Uint8Array(), segments: [] }])).toThrow(
      /without frames/,
    );
    expect(() => videoSnapshot(HEADER, VIDEOS, { queryPercent: 0, entryPercent: 0 })).toThrow(/both be 0/);
    expect(() => videoSnapshot(HEADER, VIDEOS, { distance: 32 })).toThrow(/'distance' must be/);
  });
});

describe('a look-up among videos', () => {
  const hash = VIDEOS[1].hashes.slice(3 * 32, 4 * 32);

  it('gives video and segment of every agreeing frame', () => {
    expect(partsOf(FILE, hash)).toEqual(['1:1']);
    const near = flipBits(hash, [3, 77, 140, 200]);
    const twice = videoSnapshot(HEADER, [
      ...VIDEOS,
      { id: 9, label: 'a', hashes: Uint8Array.of(...hash, ...flipBits(hash, [250])), segments: [4, 5] },
    ]);
    expect(partsOf(twice, near, 2 ** 16).sort()).toEqual(['1:1', '3:4', '3:5']);
  });

  it('gives nothing for another picture', () => {
    expect(partsOf(FILE, madeVideo(77, 1).hashes, 2 ** 16)).toEqual([]);
  });

  it('is stricter where the list asks for a smaller distance', () => {
    const bits = Array.from({ length: 24 }, (_, i) => 255 - i * 5);
    const near = flipBits(hash, bits);
    const found = [31, 24, 16, 8, 0].map(
      (distance) => partsOf(videoSnapshot(HEADER, VIDEOS, { distance }), near, 2 ** 16).length,
    );
    expect(found[0]).toBe(1);
    expect(found[4]).toBe(0);
    expect([...found].sort().reverse()).toEqual(found);
    expect(partsOf(videoSnapshot(HEADER, VIDEOS, { distance: 0 }), hash, 1)).toEqual(['1:1']);
  });
});

function codeOf(bytes: Uint8Array): SnapshotErrorCode | 'none' {
  try {
    readSnapshot(bytes);
    return 'none';
  } catch (error) {
    expect(error).toBeInstanceOf(SnapshotError);
    return (error as SnapshotError).code;
  }
}

function changed(change: (bytes: Uint8Array, view: DataView) => void, file = FILE): Uint8Array {
  const bytes = file.slice();
  const view = new DataView(bytes.buffer);
  change(bytes, view);
  view.setUint32(bytes.length - 4, crc32c(bytes.subarray(0, -4)), true);
  return bytes;
}

describe('a made-up section of videos', () => {
  it('has its parts where these cases think', () => {
    expect([...FILE.subarray(LABELS, PRELUDE)]).toEqual([1, 0x61, 1, 0x62]);
    expect([...FILE.subarray(PRELUDE, TABLE)]).toEqual([3, 0, 0, 0, 50, 31, 80, 80, 2, 0, 0, 0, 0, 0, 0, 0]);
    expect([...FILE.subarray(TABLE, TABLE + 8)]).toEqual([...idOf(1)]);
    expect(FILE[VIDEO_LABELS]).toBe(0b101);
  });

  const cases: [string, (bytes: Uint8Array, view: DataView) => void][] = [
    ['no videos', (_, view) => view.setUint32(PRELUDE, 0, true)],
    ['one video fewer', (_, view) => view.setUint32(PRELUDE, 2, true)],
    ['one video more', (_, view) => view.setUint32(PRELUDE, 4, true)],
    ['more videos than frames', (_, view) => view.setUint32(PRELUDE, 29, true)],
    ['2^32 - 1 videos', (_, view) => view.setUint32(PRELUDE, 0xffffffff, true)],
    ['a quality of 101', (bytes) => bytes.fill(101, PRELUDE + 4, PRELUDE + 5)],
    ['a distance of 32', (bytes) => bytes.fill(32, PRELUDE + 5, PRELUDE + 6)],
    ['a share of 101 %', (bytes) => bytes.fill(101, PRELUDE + 6, PRELUDE + 7)],
    ['no share at all', (bytes) => bytes.fill(0, PRELUDE + 6, PRELUDE + 8)],
    ['no frame that has to agree', (bytes) => bytes.fill(0, PRELUDE + 8, PRELUDE + 9)],
    ['a reserved byte', (bytes) => bytes.fill(1, TABLE - 1, TABLE)],
    ['ids out of order', (bytes) => bytes.fill(9, TABLE, TABLE + 1)],
    ['two equal ids', (bytes) => bytes.copyWithin(TABLE, TABLE + 8, TABLE + 16)],
    ['bits behind the labels', (bytes) => bytes.fill(0b1101, VIDEO_LABELS, VIDEO_LABELS + 1)],
    ['no labels', (_, view) => view.setUint16(58, 0, true)],
    ['no frames', (_, view) => view.setUint32(64 + 12, 0, true)],
    ['a frame more', (_, view) => view.setUint32(64 + 12, 29, true)],
    ['2^32 - 1 frames', (_, view) => view.setUint32(64 + 12, 0xffffffff, true)],
    ['a frame of no video', (bytes) => bytes.fill(0xff, bytes.length - 5, bytes.length - 4)],
  ];
  it.each(cases)('%s: refused', (_, change) => {
    expect(codeOf(changed(change))).toBe('malformed');
  });

  it('ends within its prelude or its table: refused', () => {
    for (const length of [0, 1, 15, 16, 20, 39]) {
      const bytes = new Uint8Array(PRELUDE + length + 4);
      bytes.set(FILE.subarray(0, PRELUDE + length));
      const file = changed((_, view) => {
        view.setUint32(16, bytes.length, true);
        view.setUint32(64 + 8, length, true);
      }, bytes);
      expect(codeOf(file), `${length} bytes`).toBe('malformed');
    }
  });

  it('has a video without a frame: refused', () => {
    // Video 2 has one frame; its owner becomes a segment of video 1.
    const at = ownersOf(FILE).indexOf('2:0');
    const { frames } = readSnapshot(FILE).videos!;
    const bit = (frames.labels.byteOffset + 0) * 8 + at * frames.labelBits;
    const file = changed((bytes) => {
      // Owners are 6 bits: 32 is video 2, 16 video 1.
      bytes[(bit + 5) >> 3] ^= 1 << ((bit + 5) & 7);
      bytes[(bit + 4) >> 3] ^= 1 << ((bit + 4) & 7);
    });
    expect(() => readSnapshot(file)).toThrow(/a video has no frame/);
  });

  it('declares 2^20 videos: refused before anything is allocated', () => {
    const before = process.memoryUsage().arrayBuffers;
    for (const count of [2 ** 20, 2 ** 24, 2 ** 31]) {
      const file = changed((_, view) => {
        view.setUint32(PRELUDE, count, true);
        view.setUint32(64 + 12, 0xffffffff, true);
      });
      expect(codeOf(file)).toBe('malformed');
    }
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(2 ** 20);
  });

  it('never gives anything but a SnapshotError or a snapshot that can be searched', () => {
    const change = fc.array(fc.tuple(fc.integer({ min: 64, max: FILE.length - 5 }), fc.nat(255)), {
      minLength: 1,
      maxLength: 3,
    });
    let accepted = 0;
    fc.assert(
      fc.property(change, (edits) => {
        const bytes = changed((target) => {
          for (const [at, value] of edits) target[at] = value;
        });
        if (codeOf(bytes) !== 'none') return;
        accepted++;
        const set = openVideoSet(readSnapshot(bytes));
        set?.search(queryOf(VIDEOS[0].hashes.slice(0, 32), 1), { from: 0, to: 300 }, ({ video }) => {
          expect(video).toBeLessThan(set.count);
        });
      }),
      { numRuns: 2000, seed: 20_260_101 },
    );
    expect(accepted).toBeGreaterThan(100);
  });
});
