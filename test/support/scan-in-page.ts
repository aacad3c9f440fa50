/**
 * Scans in a page of a browser with the built package, as the suites of videos and motion photos do it.
 * @module
 */
import type { Page } from 'playwright-core';
import type { Limits, Outcome, ScannerOptions } from '../../src/index.js';
import type { TestPage, TestServer } from './browser.js';
import type { EnginePage } from './engines/types.js';

/** What to scan with. */
export interface PageScan {
  /** Paths of lists on the test server. */
  lists: string[];
  parts?: ScannerOptions['parts'];
  limits?: Partial<Limits>;
  labels?: boolean;
}

/** What a scan gave. */
export interface PageOutcome {
  outcome: Outcome;
  /** Fractions, in order. */
  progress: number[];
  ms: number;
}

/**
 * @param page - of any engine, on the test server's blank page
 * @param server - gets the file, at `/scanned`
 * @param bytes - of the file
 * @param options - lists, parts, limits
 */
export function scanInPage(
  page: Page | EnginePage,
  server: TestServer,
  bytes: Uint8Array,
  { lists, parts = ['video'], limits = {}, labels = false }: PageScan,
): Promise<PageOutcome> {
  server.files.set('/scanned', { body: bytes });
  return (page as EnginePage).evaluate(
    async ({ lists, parts, limits, labels }) => {
      const { createScanner } = await (globalThis as TestPage).load<typeof import('../../src/index.js')>(
        'presieve',
      );
      const file = await (await fetch('/scanned', { cache: 'no-store' })).blob();
      const scanner = createScanner({ lists, parts, limits, labels });
      const progress: number[] = [];
      try {
        await scanner.ready;
        const start = performance.now();
        const onProgress = ({ fraction }: { fraction: number }) => progress.push(fraction);
        const outcome = await scanner.scan(file, { onProgress });
        return { outcome, progress, ms: performance.now() - start };
      } finally {
        scanner.close();
      }
    },
    { lists, parts, limits, labels },
  );
}
