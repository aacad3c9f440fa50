/**
 * Times as options take them.
 * @module
 */
import { InvalidArgumentError } from 'commander';
import { wholeNumber } from './context.js';

/** A date alone means its first second in UTC; a time needs its zone, so that a build is the same everywhere. */
const ISO_TIME = /^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2}))?$/;

/**
 * @param value - seconds since 1970, `2026-01-31`, or `2026-01-31T12:00:00Z`
 * @returns Unix time in seconds
 * @throws InvalidArgumentError
 */
export function parseTime(value: string): number {
  if (/^\d+$/.test(value)) return wholeNumber(value);
  const milliseconds = ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(milliseconds)) {
    throw new InvalidArgumentError('It must be seconds since 1970, or a time such as 2026-01-31T12:00:00Z.');
  }
  return Math.floor(milliseconds / 1000);
}
