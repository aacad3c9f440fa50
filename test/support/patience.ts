/**
 * How long a test waits for what must come.
 * @module
 */

/** For `vi.waitFor`, which by itself gives up after a second: on a busy machine that is no sign of a fault. */
export const PATIENCE = { timeout: 30_000, interval: 10 };
