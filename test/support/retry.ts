/**
 * A second try begins on a clean page.
 *
 * Tests that drive a browser are tried twice (vitest.config.ts). A test that failed may have left a scan that runs, a worker
 * that hangs or a page that is gone, and the next tests of its file use the same page.
 * @module
 */
import { beforeEach } from 'vitest';

/**
 * Called at the top of a suite whose tests share a page.
 * @param renew - opens a new page in the old one's place, in a new profile
 */
export function renewOnRetry(renew: () => Promise<unknown>): void {
  beforeEach(async ({ task }) => {
    if ((task.result?.retryCount ?? 0) > 0) await renew();
  });
}
