/**
 * Where things lie, all in zeroed static memory: the host writes the cells, the maps and the matrix, and
 * reads the coefficients and bits.
 * @module
 */

/** Samples along each axis. */
export const SAMPLES: i32 = 64;
/** Frequencies kept along each axis. */
export const FREQUENCIES: i32 = 16;

/** Cells along each axis of a picture's plane, which the host writes. */
export const PLANE_CELLS: i32 = 128;
export const CELL_BYTES: i32 = PLANE_CELLS * PLANE_CELLS * 4;
export const SOURCE: usize = memory.data(CELL_BYTES, 16);

/** Cells along each axis of an extended plane. */
export const CELLS: i32 = 170;
/** Cells from one row of it to the next: whole blocks of 8. */
export const STRIDE: i32 = 176;
export const ROW_BYTES: i32 = STRIDE * 4;
export const PLANE: usize = memory.data(CELLS * ROW_BYTES, 16);

/** Row maps whose half transform is kept. */
export const SLOTS: i32 = 32;
/** Of each: the 16 frequencies, in packed order, of every column. */
export const COLUMN_BYTES: i32 = FREQUENCIES * 4;
export const SLOT_BYTES: i32 = STRIDE * COLUMN_BYTES;
export const HALVES: usize = memory.data(SLOTS * SLOT_BYTES, 16);

/** Where the 64 samples of an axis lie: u32 cells, then f32 fractions of the way to the next cell. */
export const TAPS: usize = memory.data(2 * SAMPLES * 4, 16);
/** An affine map: first x, first y, x and y for a step along a row, x and y for a step down; f32. */
export const AFFINE: usize = memory.data(6 * 4, 16);
/** The matrix of the transform, folded and packed: 96 times four frequencies; f32. */
export const MATRIX: usize = memory.data(96 * 16, 16);

/** 64 x 64 samples under an affine map, or without marks. */
export const SAMPLED: usize = memory.data(SAMPLES * SAMPLES * 4, 16);
/** 64 x 64 samples of the picture as it is. */
export const AS_IS: usize = memory.data(SAMPLES * SAMPLES * 4, 16);
/** Samples of it that are covered, whatever they look like: bytes that the host writes, 0 for each that is not. */
export const COVERED: usize = memory.data(SAMPLES * SAMPLES, 16);
/** Their half transform: the 16 frequencies, in packed order, of every column. */
export const SAMPLED_HALF: usize = memory.data(SAMPLES * COLUMN_BYTES, 16);
/** 64 lines of 8 columns, folded. */
export const FOLDED: usize = memory.data(SAMPLES * 32, 16);

/** 16 x 16 coefficients, both axes in packed order. */
export const PACKED: usize = memory.data(FREQUENCIES * COLUMN_BYTES, 16);
/** 16 x 16 coefficients. */
export const COEFFICIENTS: usize = memory.data(FREQUENCIES * COLUMN_BYTES, 16);
/** The hash's 32 bytes. */
export const BITS: usize = memory.data(32, 16);
