/**
 * Stands for the suites in WebKitGTK where it can't be had, so that each is reported as skipped, by name.
 */
import { describe, it } from 'vitest';
import { EVERY_ENGINE } from './every-engine.js';

describe('WebKitGTK could not be installed: not run', () => {
  it.skip.each(EVERY_ENGINE)('test/browser/%s.test.ts in WebKitGTK', () => {});
});
