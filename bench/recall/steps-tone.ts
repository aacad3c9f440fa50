/**
 * Edits that change values: tone, colour, sharpness, noise, the pattern of a screen.
 * @module
 */
import { imageOf, type Picture, pixelsOf } from './picture.js';
import { normalDeviate } from './random.js';
import type { Step } from './steps-geometry.js';

/** @returns applies a curve to every channel, cut to 0 and 255 */
export function levels(curve: (value: number) => number): Step {
  const table = Uint8ClampedArray.from({ length: 256 }, (_, value) => curve(value));
  return async (picture) => ({ ...picture, data: picture.data.map((value) => table[value]) });
}

/** @returns moves every channel away from middle grey (factor above 1) or towards it */
export function contrast(factor: number): Step {
  return levels((value) => 127.5 + (value - 127.5) * factor);
}

/** @returns `value^(1 / exponent)` on the scale from 0 to 1; above 1 brightens */
export function gamma(exponent: number): Step {
  return levels((value) => 255 * (value / 255) ** (1 / exponent));
}

/** @returns multiplies LCh lightness or saturation */
export function modulate(options: { brightness?: number; saturation?: number }): Step {
  return (picture) => pixelsOf(imageOf(picture).modulate(options));
}

/** BT.601 luma in every channel. */
export const grey: Step = async (picture) => {
  const { data } = picture;
  const out = new Uint8Array(data.length);
  for (let i = 0; i < data.length; i += 3) {
    out.fill(Math.round(0.299 * data[i] + 0.587 * data[i + 1] + 0.114 * data[i + 2]), i, i + 3);
  }
  return { ...picture, data: out };
};

/** @returns Gaussian blur; sigma in pixels */
export function blur(sigma: number): Step {
  return (picture) => pixelsOf(imageOf(picture).blur(sigma));
}

/** @returns unsharp mask; sigma in pixels */
export function sharpen(sigma: number): Step {
  return (picture) => pixelsOf(imageOf(picture).sharpen({ sigma }));
}

/** @returns adds normal noise to each channel of each pixel */
export function noise(deviation: number): Step {
  return async (picture, random) => {
    const data = new Uint8ClampedArray(picture.data);
    for (let i = 0; i < data.length; i++) data[i] += deviation * normalDeviate(random);
    return { ...picture, data: new Uint8Array(data.buffer) };
  };
}

/**
 * A screen photographed again: its pixel grid beats with the camera's into waves of some ten pixels, a little
 * different in each channel; the light falls off to one side.
 */
export const screenMoire: Step = async (picture: Picture, random) => {
  const { width, height } = picture;
  const data = new Uint8ClampedArray(picture.data);
  const angle = (random() - 0.5) * 0.6;
  const period = 9 + 8 * random();
  const fallOff = (random() - 0.5) * 0.3;
  for (let y = 0, i = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const light = 0.95 + fallOff * (x / width - 0.5);
      for (let channel = 0; channel < 3; channel++, i++) {
        const along = x * Math.cos(angle + channel * 0.02) + y * Math.sin(angle + channel * 0.02);
        const across = y * Math.cos(angle) - x * Math.sin(angle);
        const wave = Math.sin((2 * Math.PI * along) / period + channel * 2.1);
        const lines = Math.sin((2 * Math.PI * across) / 3.1);
        data[i] = data[i] * light * (1 + 0.12 * wave + 0.05 * lines);
      }
    }
  }
  return { ...picture, data: new Uint8Array(data.buffer) };
};
