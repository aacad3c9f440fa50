/**
 * The layout of the network's input and output, which the training and the scan have in common
 * (models/picture-finder/train/network.py).
 * @module
 */
import { INPUT_SIDE } from '../kernels/network-input.js';

export { INPUT_SIDE };

/** Input pixels a cell. */
export const CELL_SIDE = 8;

/** Cells across and down. */
export const CELLS = INPUT_SIDE / CELL_SIDE;

/**
 * Maps of CELLS x CELLS numbers each: the likelihood of a picture's middle; the distances from the cell's middle to the
 * picture's left, top, right and bottom side, in input pixels; the likelihoods that a picture's left, top, right or
 * bottom side runs through the cell; where in the cell it runs, 0 to 1.
 */
export const MAPS = 13;
