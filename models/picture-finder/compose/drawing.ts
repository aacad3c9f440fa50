/**
 * A layer of shapes and text, written as SVG. Lengths are points; rectangles snap to whole pixels, as they do on a
 * screen.
 * @module
 */

/** In points, or in pixels where it says so. */
export interface Rect {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

/** How a shape is painted. */
export interface Paint {
  readonly fill?: string;
  readonly stroke?: string;
  readonly strokeWidth?: number;
  readonly opacity?: number;
}

/** How a text is set. */
export interface TextStyle extends Paint {
  readonly size: number;
  readonly weight?: 'normal' | 'bold';
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly font?: string;
}

/** Width of a letter over the size of its font, in the mean over Latin text. */
const LETTER_WIDTH = 0.52;

/** Collects SVG. */
export class Drawing {
  readonly #density: number;
  readonly #font: string;
  readonly #parts: string[] = [];

  /**
   * @param density - pixels a point
   * @param font - family of texts that don't name one
   */
  constructor(density: number, font: string) {
    this.#density = density;
    this.#font = font;
  }

  /** Whether nothing was drawn. */
  get isEmpty(): boolean {
    return this.#parts.length === 0;
  }

  /** Draws a rectangle. @param radius - of its corners */
  rect(rect: Rect, paint: Paint, radius = 0): void {
    const { left, top, width, height } = this.snap(rect);
    if (width <= 0 || height <= 0) return;
    this.#parts.push(
      `<rect x="${left}" y="${top}" width="${width}" height="${height}" rx="${radius}"${attributes(paint)}/>`,
    );
  }

  /** Draws a circle. */
  circle(x: number, y: number, radius: number, paint: Paint): void {
    this.#parts.push(`<circle cx="${x}" cy="${y}" r="${radius}"${attributes(paint)}/>`);
  }

  /** Draws a path, optionally moved, scaled and turned (degrees) around its origin. */
  path(d: string, paint: Paint, x = 0, y = 0, scale = 1, degrees = 0): void {
    const transform = `translate(${x} ${y}) rotate(${degrees}) scale(${scale})`;
    this.#parts.push(`<path d="${d}" transform="${transform}"${attributes(paint)}/>`);
  }

  /** Sets a line of text with its baseline at y. */
  text(x: number, y: number, words: string, style: TextStyle): void {
    const { size, weight = 'normal', anchor = 'start', font = this.#font } = style;
    const outline = style.stroke ? ' paint-order="stroke" stroke-linejoin="round"' : '';
    this.#parts.push(
      `<text x="${x}" y="${y}" font-family="${font}" font-size="${size}" font-weight="${weight}" ` +
        `text-anchor="${anchor}"${outline}${attributes(style)}>${escapeXml(words)}</text>`,
    );
  }

  /** Adds SVG as it is. */
  raw(svg: string): void {
    this.#parts.push(svg);
  }

  /** @returns the rectangle with its sides on whole pixels */
  snap({ left, top, width, height }: Rect): Rect {
    const at = (points: number) => Math.round(points * this.#density) / this.#density;
    return {
      left: at(left),
      top: at(top),
      width: at(left + width) - at(left),
      height: at(top + height) - at(top),
    };
  }

  /**
   * @param width - of the page in points
   * @param height - of the page in points
   * @returns an SVG document, `density` pixels a point
   */
  document(width: number, height: number): string {
    const pixels = [width, height].map((points) => Math.round(points * this.#density));
    return (
      `<svg xmlns="http://www.w3.org/2000/svg" width="${pixels[0]}" height="${pixels[1]}" ` +
      `viewBox="0 0 ${pixels[0] / this.#density} ${pixels[1] / this.#density}">${this.#parts.join('')}</svg>`
    );
  }
}

/**
 * @param words - a line of text
 * @param size - of its font
 * @returns about how wide it gets
 */
export function textWidth(words: string, size: number): number {
  return words.length * size * LETTER_WIDTH;
}

function attributes({ fill, stroke, strokeWidth, opacity }: Paint): string {
  return (
    ` fill="${fill ?? 'none'}"` +
    (stroke ? ` stroke="${stroke}" stroke-width="${strokeWidth ?? 1}"` : '') +
    (opacity === undefined ? '' : ` opacity="${opacity}"`)
  );
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
