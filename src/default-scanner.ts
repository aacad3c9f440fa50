/**
 * The scanner behind `scanBeforeUpload`: one for the whole page.
 * @module
 */
import type { ScanInput, ScannerOptions, ScanOptions } from './options.js';
import type { Outcome } from './outcome.js';
import { createScanner, type Scanner } from './scanner.js';

let current: Scanner | undefined;

/**
 * Sets up the scanner that {@link scanBeforeUpload} uses, and starts it. A second call replaces the first
 * one's scanner, whose scans end as `inconclusive: aborted`.
 * @param options - lists, policy, limits, worker factory
 * @returns that scanner: its `status()` says which lists and parts are in use
 * @throws ScanError `invalid-argument`
 */
export function configure(options: ScannerOptions): Scanner {
  const next = createScanner(options);
  current?.close();
  current = next;
  return next;
}

/**
 * Scans a file before it is uploaded. Without {@link configure} there is no list, and every outcome is
 * `inconclusive: no-list`.
 * @param file - the very bytes that will be sent: after the app's own compression, before encryption
 * @param options - abort signal and progress
 * @returns the outcome; its `action` is what the policy asks for
 * @throws ScanError (by rejection) for wrong use and failed set-up
 * @example
 * ```ts
 * configure({ lists: ['/lists/hotline.snapshot'] });
 * const outcome = await scanBeforeUpload(file);
 * if (outcome.action === 'allow') await upload(file);
 * ```
 */
export async function scanBeforeUpload(file: ScanInput, options?: ScanOptions): Promise<Outcome> {
  current ??= createScanner();
  return current.scan(file, options);
}
