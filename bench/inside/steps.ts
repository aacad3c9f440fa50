/**
 * The finder's steps that are timed, and what the timing worker is told and answers.
 * @module
 */

/** What is timed. */
export const STEPS = ['survey', 'network', 'boxes', 'edges and snap', 'hashes', 'look-ups', 'all'] as const;

/** Milliseconds of each run, by step; and how many rectangles there were. */
export interface StepTimes {
  times: Record<(typeof STEPS)[number], number[]>;
  boxes: number;
  rectangles: number;
}

/** Where the files lie, and what to do. */
export interface StepsJob {
  model: string;
  runtime: string;
  list: string;
  pictures: string[];
  rounds: number;
}

/** What comes back. */
export interface StepsResult {
  /** Of the files, from the server. */
  fetchMs: number;
  /** From their bytes to a network that has run once. */
  startMs: number;
  pictures: StepTimes[];
}
