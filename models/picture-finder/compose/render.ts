/**
 * A page into pixels: shapes below, photos at whole pixels, shapes above.
 * @module
 */
import sharp, { type OverlayOptions } from 'sharp';
import { imageOf, type Picture, pixelsOf } from '../../../bench/recall/picture.js';
import type { Page, Placed } from './page.js';

/** Blurs are computed on a copy so much smaller. */
const BLUR_SHRINK = 6;

/**
 * @param page - drawn
 * @returns its pixels
 */
export async function render(page: Page): Promise<Picture> {
  const { under, over, width, height } = page;
  const layers: OverlayOptions[] = await Promise.all(page.placed.map(layerOf));
  if (!over.isEmpty) layers.push({ input: Buffer.from(over.document(width, height)), left: 0, top: 0 });
  return pixelsOf(
    sharp(Buffer.from(under.document(width, height)))
      .flatten({ background: '#fff' })
      .composite(layers),
  );
}

async function layerOf({ photo, slot, visible, source, radius, blur }: Placed): Promise<OverlayOptions> {
  const pixels = await photo.pixels();
  const left = Math.round(source.left * pixels.width);
  const top = Math.round(source.top * pixels.height);
  const cut = {
    left,
    top,
    width: Math.max(1, Math.min(pixels.width - left, Math.round(source.width * pixels.width))),
    height: Math.max(1, Math.min(pixels.height - top, Math.round(source.height * pixels.height))),
  };
  let filled = await pixelsOf(
    imageOf(pixels)
      .extract(cut)
      .resize(...sizeOf(slot, blur), { fit: 'fill' }),
  );
  if (blur > 0) {
    const soft = await pixelsOf(imageOf(filled).blur(Math.max(0.4, blur / BLUR_SHRINK)));
    filled = await pixelsOf(imageOf(soft).resize(slot.width, slot.height, { fit: 'fill' }));
  }
  const data = rounded(filled, radius);
  const raw = { width: slot.width, height: slot.height, channels: 4 } as const;
  // An overlay must not reach beyond the page.
  const seen = await sharp(data, { raw })
    .extract({
      left: visible.left - slot.left,
      top: visible.top - slot.top,
      width: visible.width,
      height: visible.height,
    })
    .raw()
    .toBuffer();
  return {
    input: seen,
    raw: { width: visible.width, height: visible.height, channels: 4 },
    left: visible.left,
    top: visible.top,
  };
}

function sizeOf({ width, height }: Placed['slot'], blur: number): [number, number] {
  const shrink = blur > 0 ? BLUR_SHRINK : 1;
  return [Math.max(1, Math.round(width / shrink)), Math.max(1, Math.round(height / shrink))];
}

/** @returns RGBA with round corners */
function rounded({ data, width, height }: Picture, wanted: number): Uint8Array {
  const out = new Uint8Array(width * height * 4);
  for (let from = 0, to = 0; from < data.length; from += 3, to += 4) {
    out[to] = data[from];
    out[to + 1] = data[from + 1];
    out[to + 2] = data[from + 2];
    out[to + 3] = 255;
  }
  const radius = Math.min(wanted, width / 2, height / 2);
  for (let y = 0; y < radius; y++) {
    for (let x = 0; x < radius; x++) {
      const cover = radius - Math.hypot(radius - x - 0.5, radius - y - 0.5) + 0.5;
      if (cover >= 1) continue;
      const alpha = Math.max(0, cover) * 255;
      for (const row of [y, height - 1 - y]) {
        for (const column of [x, width - 1 - x]) out[(row * width + column) * 4 + 3] = alpha;
      }
    }
  }
  return out;
}
