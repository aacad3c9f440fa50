/**
 * Where things lie. All of it is zeroed static memory (no bytes in the module); the host's staging buffer
 * begins behind it, at `__heap_base`.
 * @module
 */

/** Samples along each axis. */
export const SAMPLES: i32 = 64;
/** Frequencies kept along each axis. */
export const FREQUENCIES: i32 = 16;
/** Bands along each axis: the samples, and the cut-off part of the last one (docs/kernels.md, section 2). */
const MAX_BANDS: i32 = 65;
/** Largest window, which the host checks. */
const MAX_WINDOW: i32 = 4104;

/** Bytes of one sum over pixels: R, G, B, A as u32. */
export const SUM_BYTES: i32 = 16;
/** Bytes of a line of sums. */
export const LINE_BYTES: i32 = MAX_BANDS * SUM_BYTES;
/** The sums of one row of pixels: a line. */
export const ROW_SUMS: usize = memory.data(LINE_BYTES, 16);
/** The sums of the picture: a line for each band of rows. */
export const SUMS: usize = memory.data(MAX_BANDS * LINE_BYTES, 16);

/** Bytes of the weights of a block of 4 pixels, laid out for two dot products. */
export const BLOCK_WEIGHT_BYTES: i32 = 32;
const MAX_WEIGHT_BYTES: i32 = (MAX_WINDOW / 2) * BLOCK_WEIGHT_BYTES;
/** Weights along a row: the whole tent; the last sample's, when it is cut; and the part that is cut off. */
export const WHOLE_TENT: usize = memory.data(MAX_WEIGHT_BYTES, 16);
export const LAST_TENT: usize = memory.data(MAX_WEIGHT_BYTES, 16);
export const CUT_BOX: usize = memory.data(MAX_WEIGHT_BYTES, 16);

/** Byte offset in a row, and first row, of each band; u32. */
export const COLUMN_OFFSETS: usize = memory.data(MAX_BANDS * 4, 16);
export const FIRST_ROWS: usize = memory.data(MAX_BANDS * 4, 16);

/** 64 x 64 luma samples, f32. */
export const LUMA: usize = memory.data(SAMPLES * SAMPLES * 4, 16);
/** The 16 x 64 matrix of the transform and, behind it, the same transposed; f32, written by the host. */
export const DCT_BYTES: i32 = FREQUENCIES * SAMPLES * 4;
export const DCT: usize = memory.data(2 * DCT_BYTES, 16);
/** DCT times luma: 16 x 64, f32. */
export const HALF_TRANSFORMED: usize = memory.data(FREQUENCIES * SAMPLES * 4, 16);
/** 16 x 16 coefficients, f32. */
export const COEFFICIENT_BYTES: i32 = FREQUENCIES * FREQUENCIES * 4;
export const COEFFICIENTS: usize = memory.data(COEFFICIENT_BYTES, 16);
/** The hash's 32 bytes. */
export const BITS: usize = memory.data(32, 16);
