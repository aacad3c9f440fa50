/**
 * A screen photographed at an angle: the map of a flat page through a pinhole camera, and a picture under that map.
 * @module
 */
import type { Picture } from '../../../bench/recall/picture.js';

/** A point in pixels. */
export type Point = readonly [x: number, y: number];

/** 3 x 3, row-major: (x, y, 1) to (u·w, v·w, w). */
export type Homography = readonly number[];

/** Angles in degrees; `distance` of the camera in units of the page's longer side. */
export interface Tilt {
  readonly yaw: number;
  readonly pitch: number;
  readonly roll: number;
  readonly distance: number;
}

/**
 * @param width - of the page in pixels
 * @param height - of it
 * @param tilt - how it is turned before the camera
 * @returns the map from the page's pixels to a picture whose origin is the page's middle, of the same scale there
 */
export function tiltedPage(width: number, height: number, tilt: Tilt): Homography {
  const [yaw, pitch, roll] = [tilt.yaw, tilt.pitch, tilt.roll].map((degrees) => (degrees * Math.PI) / 180);
  const [cosY, sinY, cosP, sinP, cosR, sinR] = [yaw, pitch, roll].flatMap((a) => [Math.cos(a), Math.sin(a)]);
  // Columns of R = Rx(pitch) Ry(yaw) Rz(roll) for a point (x, y, 0).
  const ex = [cosY * cosR, cosP * sinR + sinP * sinY * cosR, sinP * sinR - cosP * sinY * cosR];
  const ey = [-cosY * sinR, cosP * cosR - sinP * sinY * sinR, sinP * cosR + cosP * sinY * sinR];
  const away = tilt.distance * Math.max(width, height);
  const row = (i: number, scale: number) => [
    ex[i] * scale,
    ey[i] * scale,
    (-ex[i] * width * scale) / 2 - (ey[i] * height * scale) / 2,
  ];
  const [h6, h7, h8] = row(2, 1 / away);
  return [...row(0, 1), ...row(1, 1), h6, h7, h8 + 1];
}

/** @returns where a point goes */
export function mapPoint(h: Homography, [x, y]: Point): Point {
  const w = h[6] * x + h[7] * y + h[8];
  return [(h[0] * x + h[1] * y + h[2]) / w, (h[3] * x + h[4] * y + h[5]) / w];
}

/** @returns the map back */
export function invert(h: Homography): Homography {
  const [a, b, c, d, e, f, g, i, j] = h;
  return [
    e * j - f * i,
    c * i - b * j,
    b * f - c * e,
    f * g - d * j,
    a * j - c * g,
    c * d - a * f,
    d * i - e * g,
    b * g - a * i,
    a * e - b * d,
  ];
}

/** @returns the map that first moves by (-x, -y) and then does `h` */
export function after(h: Homography, x: number, y: number): Homography {
  return h.map((value, i) => (i % 3 === 2 ? value - h[i - 2] * x - h[i - 1] * y : value));
}

/**
 * Lays a picture over another under a map, bilinear, its edge softened over one pixel.
 * @param canvas - changed
 * @param picture - what is laid over
 * @param back - map from the canvas's pixels (of their middles) to the picture's
 */
export function layOver(canvas: Picture, picture: Picture, back: Homography): void {
  const { data: from, width, height } = picture;
  const to = canvas.data;
  for (let v = 0, at = 0; v < canvas.height; v++) {
    for (let u = 0; u < canvas.width; u++, at += 3) {
      const w = back[6] * (u + 0.5) + back[7] * (v + 0.5) + back[8];
      const x = (back[0] * (u + 0.5) + back[1] * (v + 0.5) + back[2]) / w - 0.5;
      const y = (back[3] * (u + 0.5) + back[4] * (v + 0.5) + back[5]) / w - 0.5;
      const inside = Math.min(x + 1, y + 1, width - x, height - y);
      if (inside <= 0) continue;
      const x0 = Math.min(Math.max(Math.floor(x), 0), width - 2);
      const y0 = Math.min(Math.max(Math.floor(y), 0), height - 2);
      const fx = Math.min(Math.max(x - x0, 0), 1);
      const fy = Math.min(Math.max(y - y0, 0), 1);
      const cover = Math.min(inside, 1);
      const p = (y0 * width + x0) * 3;
      const q = p + width * 3;
      for (let c = 0; c < 3; c++) {
        const top = from[p + c] + (from[p + 3 + c] - from[p + c]) * fx;
        const bottom = from[q + c] + (from[q + 3 + c] - from[q + c]) * fx;
        const value = top + (bottom - top) * fy;
        to[at + c] = to[at + c] + (value - to[at + c]) * cover + 0.5;
      }
    }
  }
}
