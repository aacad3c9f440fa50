/**
 * Appeals: a random number that a person can name when they think that a match is wrong. It says nothing of the file; what
 * it stands for is kept on the device.
 * @module
 */
import type { Outcome } from '../outcome.js';

/** What is kept of a match. */
export interface Appeal {
  /** Twelve letters and digits in groups of four, without I, L, O and U: 60 random bits. */
  id: string;
  /** ISO 8601, UTC, to the minute. */
  at: string;
  /** The lists that the file matched. */
  lists: { name: string; version: number }[];
}

/** Crockford's base 32: nothing that is misread over the telephone. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const CHARACTERS = 12;
const GROUP = 4;

/** @returns a new number */
export function newAppealId(): string {
  const random = crypto.getRandomValues(new Uint8Array(CHARACTERS));
  const text = Array.from(random, (byte) => ALPHABET[byte & 31]).join('');
  return text.replace(new RegExp(`.{${GROUP}}(?=.)`, 'g'), '$&-');
}

/**
 * @param outcome - a match
 * @param now - milliseconds since 1970
 * @returns what is kept of it
 */
export function appealOf(outcome: Outcome, now: number): Appeal {
  const matched = new Set(outcome.matches.map((match) => match.list));
  return {
    id: newAppealId(),
    at: `${new Date(now).toISOString().slice(0, 16)}Z`,
    lists: outcome.lists
      .filter(({ name }) => matched.has(name))
      .map(({ name, version }) => ({ name, version })),
  };
}
