/**
 * What people call the signals.
 * @module
 */
import type { Signal } from '../snapshot/types.js';

/** Name of each signal in messages. */
export const SIGNAL_NAMES: Readonly<Record<Signal, string>> = {
  md5: 'MD5',
  sha1: 'SHA-1',
  sha256: 'SHA-256',
  pdq: 'PDQ',
};
