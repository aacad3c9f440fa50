import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { referencePlane } from '../../src/finder/edge-reference.js';
import type { EdgePlane } from '../../src/finder/edge-types.js';
import { overlap } from '../../src/finder/overlap.js';
import { straightEdgeRectangles } from '../../src/finder/rectangles.js';
import { refine } from '../../src/finder/refine.js';
import { snapBox } from '../../src/finder/snap.js';
import type { Rectangle } from '../../src/scan/borders.js';
import { MAX_FOUND_PICTURES } from '../../src/scan/finder.js';

/** A page with textured pictures on plain ground, `slant` pixels across for each pixel along. */
function page(
  width: number,
  height: number,
  pictures: readonly Rectangle[],
  slant = 0,
  ground = 240,
): EdgePlane {
  const data = new Uint8Array(width * height).fill(ground);
  let state = 9;
  for (const { left, top, right, bottom } of pictures) {
    const [middleX, middleY] = [(left + right) / 2, (top + bottom) / 2];
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        const [u, v] = [x - slant * (y - middleY), y + slant * (x - middleX)];
        if (u < left || u >= right || v < top || v >= bottom) continue;
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        data[y * width + x] = 90 + 50 * Math.sin(x / 17) + 40 * Math.cos(y / 23) + (state >>> 28);
      }
    }
  }
  return referencePlane({ width, height, data });
}

const REACH = { x: 14, y: 14 };

describe('the edge snap', () => {
  it('brings every side of a box back to the exact edge', () => {
    fc.assert(
      fc.property(
        fc.record({ left: fc.integer({ min: 20, max: 90 }), top: fc.integer({ min: 20, max: 90 }) }),
        fc.record({ width: fc.integer({ min: 80, max: 190 }), height: fc.integer({ min: 80, max: 190 }) }),
        fc.array(fc.double({ min: -8, max: 8, noNaN: true }), { minLength: 4, maxLength: 4 }),
        ({ left, top }, { width, height }, [a, b, c, d]) => {
          const truth = { left, top, right: left + width, bottom: top + height };
          const plane = page(320, 320, [truth]);
          const start = { left: left + a, top: top + b, right: truth.right + c, bottom: truth.bottom + d };
          const { box, lines } = snapBox(start, plane, REACH);
          expect(box).toEqual(truth);
          for (const [best] of Object.values(lines)) expect(best.support).toBeGreaterThan(0.5);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('leaves a side where there is no edge', () => {
    const plane = referencePlane({ width: 200, height: 200, data: new Uint8Array(200 * 200).fill(77) });
    const start = { left: 40.4, top: 50.6, right: 150, bottom: 160 };
    const { box, lines } = snapBox(start, plane, REACH);
    expect(box).toEqual({ left: 40, top: 51, right: 150, bottom: 160 });
    for (const [best] of Object.values(lines)) expect(best.support).toBe(0);
  });

  it("takes the page's own edge for a side", () => {
    const plane = page(300, 200, [{ left: 0, top: 0, right: 300, bottom: 120 }]);
    const { box } = snapBox({ left: 4, top: -3, right: 294, bottom: 114 }, plane, REACH);
    expect(box).toEqual({ left: 0, top: 0, right: 300, bottom: 120 });
  });

  it.each([0.02, -0.03, 0.05])('finds the middles of sides that are slanted by %f', (slant) => {
    const truth = { left: 70, top: 60, right: 250, bottom: 270 };
    const plane = page(320, 330, [truth], slant);
    const { box } = snapBox({ left: 65, top: 66, right: 257, bottom: 264 }, plane, REACH);
    expect(overlap(box, truth)).toBeGreaterThan(0.97);
  });

  it.each([0.02, -0.03, 0.05])('says how slanted sides of %f are', (slant) => {
    const truth = { left: 70, top: 60, right: 250, bottom: 270 };
    const plane = page(320, 330, [truth], slant);
    const { lines } = snapBox({ left: 67, top: 63, right: 254, bottom: 266 }, plane, REACH);
    for (const side of ['left', 'right'] as const)
      expect(Math.abs(lines[side][0].slope - slant)).toBeLessThan(0.011);
    for (const side of ['top', 'bottom'] as const)
      expect(Math.abs(lines[side][0].slope + slant)).toBeLessThan(0.011);
    const upright = page(320, 330, [truth]);
    for (const [best] of Object.values(snapBox(truth, upright, REACH).lines)) expect(best.slope).toBe(0);
  });

  it('goes wrong nowhere with boxes beyond the plane or without any width', () => {
    const plane = page(60, 40, [{ left: 10, top: 10, right: 50, bottom: 30 }]);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -500, max: 500, noNaN: true }), { minLength: 4, maxLength: 4 }),
        ([left, top, right, bottom]) => {
          const { box } = snapBox({ left, top, right, bottom }, plane, REACH);
          for (const x of [box.left, box.right]) expect(Number.isInteger(x) && x >= 0 && x <= 60).toBe(true);
          for (const y of [box.top, box.bottom]) expect(Number.isInteger(y) && y >= 0 && y <= 40).toBe(true);
        },
      ),
    );
  });
});

describe('refined boxes', () => {
  it('are exact on a large page, where sides are sought in a shrunk copy first', () => {
    const truth = { left: 333, top: 401, right: 1101, bottom: 1503 };
    const luma = page(1170, 2532, [truth]);
    const [box] = refine([{ left: 320, top: 420, right: 1110, bottom: 1490 }], () => [], luma);
    for (const side of ['left', 'top', 'right', 'bottom'] as const) {
      expect(Math.abs(box[side] - truth[side])).toBeLessThanOrEqual(1);
    }
  });

  it('name a picture once, and no more pictures than are looked at', () => {
    const truth = { left: 40, top: 40, right: 200, bottom: 200 };
    const luma = page(300, 300, [truth]);
    const near = Array.from({ length: 9 }, (_, i) => ({
      left: 36 + i,
      top: 44 - i,
      right: 204 - i,
      bottom: 197 + i,
    }));
    const snapped = refine(near, () => [], luma).filter((box) => overlap(box, truth) > 0.985);
    expect(snapped).toHaveLength(1);
    const many = Array.from({ length: 40 }, (_, i) => {
      const [left, top] = [(i % 8) * 36, Math.floor(i / 8) * 55];
      return { left, top, right: left + 30, bottom: top + 50 };
    });
    expect(refine(many, () => [], luma)).toHaveLength(MAX_FOUND_PICTURES);
  });

  it('come with the slopes of their sides where these are slanted, besides as upright ones', () => {
    const truth = { left: 140, top: 160, right: 460, bottom: 560 };
    const box = { left: 135, top: 166, right: 463, bottom: 555 };
    const slanted = refine([box], () => [], page(600, 700, [truth], 0.03));
    const [first, ...more] = slanted.filter(({ slopes }) => slopes !== undefined);
    expect(more).toEqual([]);
    expect(overlap(first, truth)).toBeGreaterThan(0.97);
    expect(slanted.some((other) => other.slopes === undefined && overlap(other, truth) > 0.95)).toBe(true);
    const upright = refine([box], () => [], page(600, 700, [truth]));
    expect(upright.filter(({ slopes }) => slopes !== undefined)).toEqual([]);
  });

  it('are found by straight edges alone, too', () => {
    const pictures = [
      { left: 40, top: 60, right: 250, bottom: 200 },
      { left: 120, top: 260, right: 300, bottom: 460 },
    ];
    const luma = page(340, 520, pictures);
    const straight = straightEdgeRectangles(luma, 512);
    const found = refine([], () => straight, luma);
    for (const truth of pictures) expect(found.some((box) => overlap(box, truth) > 0.99)).toBe(true);
  });

  it('are the whole page once, and last where no box says so', () => {
    const picture = { left: 40, top: 60, right: 250, bottom: 200 };
    const luma = page(340, 520, [picture]);
    const whole = { left: 0, top: 0, right: 340, bottom: 520 };
    const places = (boxes: Rectangle[]) =>
      refine(boxes, () => [], luma).flatMap((box, i) => (overlap(box, whole) >= 0.96 ? [i] : []));
    expect(places([{ ...whole, left: 2 }, picture])).toEqual([0]);
    const [place, ...more] = places([picture]);
    expect(place).toBeGreaterThan(0);
    expect(more).toEqual([]);
  });

  it('leave straight edges alone where they take all places', () => {
    const boxes = Array.from({ length: MAX_FOUND_PICTURES }, (_, i) => {
      const [left, top] = [20 + (i % 4) * 70, 20 + Math.floor(i / 4) * 100];
      return { left, top, right: left + 50, bottom: top + 80 };
    });
    const luma = page(320, 340, boxes);
    const never = () => {
      throw new Error('looked for straight edges');
    };
    expect(refine(boxes, never, luma)).toHaveLength(MAX_FOUND_PICTURES);
    expect(() => refine(boxes.slice(1), never, luma)).toThrow(/straight edges/);
  });

  it('offer the other of two nested edges as well', () => {
    const inside = { left: 60, top: 60, right: 240, bottom: 240 };
    const luma = page(300, 300, [inside]);
    // A frame of another grey around it, 6 pixels wide.
    for (let y = 54; y < 246; y++) {
      for (let x = 54; x < 246; x++) {
        if (x < 60 || x >= 240 || y < 60 || y >= 240) luma.data[y * 300 + x] = 20;
      }
    }
    const found = refine([{ left: 55, top: 56, right: 243, bottom: 246 }], () => [], luma);
    expect(found.some((box) => overlap(box, inside) > 0.96)).toBe(true);
    expect(found.some((box) => overlap(box, { left: 54, top: 54, right: 246, bottom: 246 }) > 0.96)).toBe(
      true,
    );
  });
});
