/**
 * A survey by the PDQ kernel in WebAssembly: lays it out in the kernel's memory; wasm/pdq/survey.ts is the other side.
 * @module
 */
import { INPUT_SIDE, inputColumns } from './network-input.js';
import type { PdqWasmExports } from './pdq-wasm.js';
import { type Survey, type SurveyLayout, surveyLayout } from './survey.js';

const PAGE_BYTES = 65536;
/** Columns of the thumbnail: two u32 and two f64 each. */
const COLUMN_BYTES = 24;
const PIXELS = INPUT_SIDE * INPUT_SIDE;
/** Reads go so many bytes behind the last row, and stores behind the last luma. */
const SLACK_BYTES = 64;

/** Of one picture, from its rows in the kernel's memory. */
export class WasmSurvey {
  readonly #wasm: PdqWasmExports;
  readonly #layout: SurveyLayout;
  readonly #data: Uint8Array;
  /** Where the kernel writes the luma of a few rows, and in the end the thumbnail. */
  readonly #out: number;
  #filled = 0;

  /**
   * Begins a survey.
   * @param wasm - the kernel
   * @param from - offset in its memory from which on there is nothing else
   * @param width - of the picture
   * @param height - of the picture
   * @param rowsAtOnce - most rows that {@link rows} is given
   */
  constructor(wasm: PdqWasmExports, from: number, width: number, height: number, rowsAtOnce: number) {
    this.#wasm = wasm;
    this.#layout = surveyLayout(width, height);
    const { lumaStep, lumaWidth, lumaHeight, columnStep, rowStep, samplesX, samplesY } = this.#layout;
    this.#data = new Uint8Array(lumaWidth * lumaHeight);
    const columns = Math.ceil(from / 16) * 16;
    const sums = columns + INPUT_SIDE * COLUMN_BYTES;
    this.#out = sums + PIXELS * 16;
    const lumaBytes = lumaWidth * Math.ceil(rowsAtOnce / lumaStep + 1);
    // The last pixels of a row are read in sixteens.
    const end = this.#out + Math.max(PIXELS * 12, lumaBytes) + SLACK_BYTES * lumaStep;
    const missing = end - wasm.memory.buffer.byteLength;
    if (missing > 0) wasm.memory.grow(Math.ceil(missing / PAGE_BYTES));
    const view = new DataView(wasm.memory.buffer, columns, INPUT_SIDE * COLUMN_BYTES);
    const { first, last, firstWeight, lastWeight } = inputColumns(samplesX);
    for (let x = 0, at = 0; x < INPUT_SIDE; x++, at += COLUMN_BYTES) {
      view.setUint32(at, first[x], true);
      view.setUint32(at + 4, last[x], true);
      view.setFloat64(at + 8, firstWeight[x], true);
      view.setFloat64(at + 16, lastWeight[x], true);
    }
    wasm.beginSurvey(width, lumaStep, columnStep, rowStep, samplesX, samplesY, columns, sums);
  }

  /** Takes `count` rows of RGBA at `pointer`. */
  rows(pointer: number, count: number): void {
    const bytes = this.#wasm.surveyRows(pointer, count, this.#out) * this.#layout.lumaWidth;
    this.#data.set(new Uint8Array(this.#wasm.memory.buffer, this.#out, bytes), this.#filled);
    this.#filled += bytes;
  }

  /** @returns the survey, once all rows were taken */
  end(): Survey {
    this.#wasm.endSurvey(this.#out);
    const { lumaWidth, lumaHeight } = this.#layout;
    return {
      luma: { width: lumaWidth, height: lumaHeight, data: this.#data },
      thumbnail: new Float32Array(this.#wasm.memory.buffer, this.#out, PIXELS * 3).slice(),
    };
  }
}
