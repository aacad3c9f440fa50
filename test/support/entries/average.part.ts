/**
 * What a licensee writes: a part with one signal.
 * @module
 */
import { signalsPart } from '../../../src/signals.js';
import { averageHash } from '../average-hash.js';

export const part = signalsPart(() => [averageHash]);
