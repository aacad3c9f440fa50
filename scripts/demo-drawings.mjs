/**
 * Pictures for the demo's gallery that the project draws itself, pixel by pixel from a seed, so that nobody
 * else's rights are in them. Every function returns RGB bytes, row-major, 3 a pixel.
 *
 * @module
 */

/** A small seeded generator of numbers in [0, 1) (mulberry32). */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

/** A number in [0, 1) that belongs to the lattice point (x, y). */
function lattice(x, y, seed) {
  let h = Math.imul(x, 0x27d4eb2d) ^ Math.imul(y, 0x165667b1) ^ Math.imul(seed, 0x9e3779b1);
  h = Math.imul(h ^ (h >>> 15), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return ((h ^ (h >>> 16)) >>> 0) / 4294967296;
}

const smooth = (t) => t * t * (3 - 2 * t);
const mix = (a, b, t) => a + (b - a) * t;
const mixColour = (a, b, t) => a.map((value, i) => mix(value, b[i], t));
const clamp01 = (t) => Math.min(1, Math.max(0, t));

/** Value noise, 0 to 1. */
function noise(x, y, seed) {
  const xi = Math.floor(x);
  const yi = Math.floor(y);
  const u = smooth(x - xi);
  const v = smooth(y - yi);
  return mix(
    mix(lattice(xi, yi, seed), lattice(xi + 1, yi, seed), u),
    mix(lattice(xi, yi + 1, seed), lattice(xi + 1, yi + 1, seed), u),
    v,
  );
}

/** Octaves of {@link noise}, each twice as fine and half as strong, 0 to 1. */
function fractal(x, y, seed, octaves) {
  let sum = 0;
  let weight = 0.5;
  for (let i = 0; i < octaves; i++) {
    sum += weight * noise(x, y, seed + i);
    x *= 2;
    y *= 2;
    weight /= 2;
  }
  return sum / (1 - weight * 2);
}

/** Asks `colourAt` for every pixel; x runs from 0 to width / height, y from 0 to 1. */
function draw(width, height, colourAt) {
  const rgb = new Uint8Array(width * height * 3);
  for (let row = 0; row < height; row++) {
    for (let column = 0; column < width; column++) {
      const colour = colourAt((column + 0.5) / height, (row + 0.5) / height);
      for (let i = 0; i < 3; i++) rgb[(row * width + column) * 3 + i] = Math.round(clamp01(colour[i]) * 255);
    }
  }
  return rgb;
}

const SHORE = 0.7;

/** Ridges of hills behind each other, a low sun, and their reflection in a lake. */
export function duskHills(width, height, seed) {
  const aspect = width / height;
  const sun = { x: aspect * 0.68, y: 0.33, radius: 0.055 };
  const land = (x, y) => {
    const high = [0.2, 0.19, 0.42];
    const low = [0.98, 0.66, 0.42];
    let colour = mixColour(high, low, smooth(clamp01(y / 0.55)));
    const clouds = fractal(x * 2.2, y * 9, seed + 40, 5);
    colour = mixColour(colour, [1, 0.78, 0.66], 0.6 * smooth(clamp01((clouds - 0.5) * 4)) * (1 - y));
    const away = Math.hypot(x - sun.x, y - sun.y);
    colour = mixColour(colour, [1, 0.9, 0.68], 0.8 * Math.exp(-away * 7));
    if (away < sun.radius) colour = [1, 0.96, 0.84];
    for (let ridge = 0; ridge < 5; ridge++) {
      const near = ridge / 4;
      const peaks = Math.abs(fractal(x * (1.3 + near), 7.3 * ridge, seed + 10 * ridge, 7) - 0.5) * 2;
      const top = 0.3 + 0.095 * ridge + (0.5 - peaks) * mix(0.34, 0.16, near);
      if (y > top) {
        const mist = smooth(clamp01((y - top) / 0.22)) * (1 - near) * 0.75;
        const grain = fractal(x * 26, y * 26, seed + 90 + ridge, 3) - 0.5;
        const rock = mixColour([0.56, 0.42, 0.52], [0.07, 0.1, 0.17], Math.sqrt(near));
        colour = mixColour(rock, [0.93, 0.66, 0.5], mist).map((value) => value + grain * 0.1);
      }
    }
    return colour;
  };
  return draw(width, height, (x, y) => {
    if (y < SHORE) return land(x, y);
    const depth = (y - SHORE) / (1 - SHORE);
    const ripple = (fractal(x * 7, y * 70, seed + 70, 3) - 0.5) * (0.02 + 0.09 * depth);
    const mirrored = land(x + ripple * 0.4, SHORE - 0.003 - depth * 0.62 + ripple);
    return mixColour(mirrored, [0.07, 0.1, 0.2], 0.3 + 0.3 * depth);
  });
}

/** A church window: Voronoi panes in a few colours, with lead between them. */
export function stainedGlass(width, height, seed) {
  const palette = [
    [0.08, 0.24, 0.5],
    [0.12, 0.46, 0.62],
    [0.86, 0.62, 0.16],
    [0.72, 0.16, 0.18],
    [0.94, 0.88, 0.72],
    [0.16, 0.42, 0.28],
    [0.42, 0.16, 0.4],
  ];
  const next = random(seed);
  const aspect = width / height;
  const panes = Array.from({ length: 90 }, () => ({
    x: next() * aspect,
    y: next(),
    colour: palette[Math.floor(next() ** 1.3 * palette.length)],
  }));
  return draw(width, height, (x, y) => {
    const wobble = (fractal(x * 5, y * 5, seed, 3) - 0.5) * 0.04;
    let nearest = Infinity;
    let second = Infinity;
    let colour = palette[0];
    for (const pane of panes) {
      const away = Math.hypot(x + wobble - pane.x, y - wobble - pane.y);
      if (away < nearest) {
        second = nearest;
        nearest = away;
        colour = pane.colour;
      } else if (away < second) {
        second = away;
      }
    }
    const glow = 0.72 + 0.5 * Math.exp(-Math.hypot(x - aspect * 0.4, y - 0.35) * 2.2);
    const streaks = 0.82 + 0.36 * fractal(x * 4, y * 22, seed + 9, 4);
    const lead = smooth(clamp01((second - nearest - 0.006) / 0.008));
    return mixColour(
      [0.05, 0.05, 0.06],
      colour.map((value) => value * glow * streaks),
      lead,
    );
  });
}

/** Swirls of noise that is bent by noise, like paint in water. */
export function marbledInk(width, height, seed) {
  return draw(width, height, (x, y) => {
    const ax = fractal(x * 2.4, y * 2.4, seed, 5);
    const ay = fractal(x * 2.4 + 5.2, y * 2.4 + 1.3, seed, 5);
    const bx = fractal(x * 2.4 + 4 * ax + 1.7, y * 2.4 + 4 * ay + 9.2, seed + 20, 5);
    const by = fractal(x * 2.4 + 4 * ax + 8.3, y * 2.4 + 4 * ay + 2.8, seed + 20, 5);
    const value = fractal(x * 2.4 + 4 * bx, y * 2.4 + 4 * by, seed + 50, 6);
    let colour = mixColour([0.04, 0.16, 0.24], [0.1, 0.5, 0.55], smooth(clamp01(value * 1.7)));
    colour = mixColour(colour, [0.95, 0.86, 0.7], smooth(clamp01((bx - 0.42) * 3.4)));
    return mixColour(colour, [0.9, 0.36, 0.24], smooth(clamp01((value - 0.52) * 5)));
  });
}

/** A cloudless sky: next to nothing to compare. */
export function clearSky(width, height) {
  return draw(width, height, (_x, y) => mixColour([0.33, 0.58, 0.86], [0.62, 0.79, 0.94], y));
}
