/**
 * The generator of compositions: boxes are where the photos are, and nothing depends on anything but the seed.
 */
import { describe, expect, it } from 'vitest';
import { decode, type Picture } from '../../bench/recall/picture.js';
import { Dice } from '../../models/picture-finder/compose/dice.js';
import {
  compose,
  FAMILIES,
  familiesOf,
  type PictureBox,
  type SourcePhoto,
} from '../../models/picture-finder/compose/index.js';
import { invert, mapPoint, tiltedPage } from '../../models/picture-finder/compose/warp.js';

/** A photo of one colour, which no layout uses. */
function plain(colour: readonly [number, number, number], width: number, height: number): SourcePhoto {
  const data = new Uint8Array(width * height * 3);
  for (let i = 0; i < data.length; i++) data[i] = colour[i % 3];
  return { width, height, pixels: async () => ({ data, width, height }) };
}

const MAGENTA = [255, 0, 255] as const;
const subject = plain(MAGENTA, 300, 400);
const others = Array.from({ length: 20 }, (_, i) => plain([10, 200 + i, 90], 320 + i, 240));
const REDUCE = 0.4;

/** Share of a box's inside that has the subject's colour, and the share of a rim outside that has it. */
function magenta(picture: Picture, { box }: PictureBox) {
  const near = (x: number, y: number) => {
    const at = (y * picture.width + x) * 3;
    return MAGENTA.every((value, c) => Math.abs(picture.data[at + c] - value) < 70);
  };
  const counts = { inside: 0, insideAll: 0, outside: 0, outsideAll: 0 };
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < picture.width; x++) {
      const deep = Math.min(
        x - box.left,
        box.left + box.width - 1 - x,
        y - box.top,
        box.top + box.height - 1 - y,
      );
      if (deep >= 2) {
        counts.insideAll++;
        if (near(x, y)) counts.inside++;
      } else if (deep <= -2 && deep > -6) {
        counts.outsideAll++;
        if (near(x, y)) counts.outside++;
      }
    }
  }
  return {
    inside: counts.inside / counts.insideAll,
    outside: counts.outside / Math.max(1, counts.outsideAll),
  };
}

describe('compositions', () => {
  for (const family of FAMILIES.filter(({ pictures }) => pictures)) {
    it(`${family.name}: the subject is whole, and where its box is`, async () => {
      for (let i = 0; i < 3; i++) {
        const made = await compose({
          family: family.name,
          seed: `box ${i}`,
          subject,
          others,
          reduce: REDUCE,
        });
        expect(made.boxes.length).toBeGreaterThan(0);
        expect(made.boxes.length).toBeLessThanOrEqual(24);
        const own = made.boxes.filter(({ photo }) => photo === -1);
        expect(own).toHaveLength(1);
        expect(own[0].shown.width).toBeGreaterThan(0.95);
        expect(own[0].shown.height).toBeGreaterThan(0.95);
        const { inside, outside } = magenta(made.picture, own[0]);
        // Badges, captions and stickers may cover some; a tilted photo is no upright rectangle.
        expect(inside).toBeGreaterThan(0.7);
        // A blurred backdrop is the same photo again.
        if (family.name !== 'viewer-blurred') expect(outside).toBeLessThan(family.tilted ? 0.35 : 0.05);
        for (const { box } of made.boxes) {
          expect(box.left).toBeGreaterThanOrEqual(0);
          expect(box.top).toBeGreaterThanOrEqual(0);
          expect(box.left + box.width).toBeLessThanOrEqual(made.picture.width + 1e-6);
          expect(box.top + box.height).toBeLessThanOrEqual(made.picture.height + 1e-6);
        }
      }
    });
  }

  for (const family of FAMILIES.filter(({ pictures }) => !pictures)) {
    it(`${family.name}: has no picture`, async () => {
      const made = await compose({ family: family.name, seed: 'none', others, reduce: REDUCE });
      expect(made.boxes).toEqual([]);
      expect(made.picture.width).toBeGreaterThan(100);
    });
  }

  it('are the same for the same seed, and others for another', async () => {
    const make = (seed: string) => compose({ family: 'chat-plain', seed, subject, others, reduce: REDUCE });
    const [first, again, other] = [await make('a'), await make('a'), await make('b')];
    expect(Buffer.from(first.file).equals(Buffer.from(again.file))).toBe(true);
    expect(first.boxes).toEqual(again.boxes);
    expect(Buffer.from(first.file).equals(Buffer.from(other.file))).toBe(false);
  });

  it('come as the file, and as the file opened', async () => {
    const made = await compose({ family: 'frame', seed: 'file', subject, others, reduce: REDUCE });
    const opened = await decode(made.file);
    expect([opened.width, opened.height]).toEqual([made.picture.width, made.picture.height]);
    expect(Buffer.from(opened.data).equals(Buffer.from(made.picture.data))).toBe(true);
  });

  it('need photos, and a family that exists', async () => {
    const [one] = others;
    await expect(compose({ family: 'frame', seed: '', subject, others: [one] })).rejects.toThrow(/^'others'/);
    await expect(compose({ family: 'no-such', seed: '', others })).rejects.toThrow(/^'family'/);
  });

  it('have families apart for training, validation and the final test', () => {
    const names = FAMILIES.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    for (const set of ['seen', 'validation', 'final'] as const) {
      expect(familiesOf(set).length).toBeGreaterThan(3);
      expect(familiesOf(set, false).length).toBeGreaterThan(0);
    }
  });
});

describe('a tilted page', () => {
  const tilt = { yaw: 5, pitch: -3, roll: 1, distance: 2 };

  it('keeps its middle, and comes back', () => {
    const map = tiltedPage(600, 800, tilt);
    const [x, y] = mapPoint(map, [300, 400]);
    expect(Math.hypot(x, y)).toBeLessThan(1e-9);
    const there = mapPoint(map, [17, 703]);
    const [u, v] = mapPoint(invert(map), there);
    expect(u).toBeCloseTo(17, 6);
    expect(v).toBeCloseTo(703, 6);
  });

  it('is moved and not changed without a tilt', () => {
    expect(mapPoint(tiltedPage(600, 800, { yaw: 0, pitch: 0, roll: 0, distance: 2 }), [0, 0])).toEqual([
      -300, -400,
    ]);
  });

  it('is wider at the side that is nearer', () => {
    const map = tiltedPage(600, 800, { yaw: 5, pitch: 0, roll: 0, distance: 2 });
    const heightAt = (x: number) => mapPoint(map, [x, 800])[1] - mapPoint(map, [x, 0])[1];
    expect(heightAt(600) / heightAt(0)).toBeCloseTo(
      (1600 + 300 * Math.sin(Math.PI / 36)) / (1600 - 300 * Math.sin(Math.PI / 36)),
      6,
    );
  });
});

describe('dice', () => {
  it('stay within their bounds', () => {
    const values = [0, 0.5, 0.999999];
    for (const value of values) {
      const dice = new Dice(() => value);
      expect(dice.whole(2, 4)).toBeGreaterThanOrEqual(2);
      expect(dice.whole(2, 4)).toBeLessThanOrEqual(4);
      expect([...'abc']).toContain(dice.one([...'abc']));
      expect(dice.shuffle([1, 2, 3]).sort()).toEqual([1, 2, 3]);
    }
  });
});
