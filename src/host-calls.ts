/**
 * Waiting, and calling the host back.
 * @module
 */

/** @returns a promise that resolves after `ms`; a process that waits for nothing else may end before */
export function after(ms: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, Math.min(ms, 2 ** 31 - 1));
    (timer as { unref?: () => void }).unref?.();
  });
}

/**
 * A host's callback must not break a scan: what it throws is reported as an unhandled error of its own.
 * @param callback - the host's
 * @param value - what it is told
 */
export function callHost<T>(callback: ((value: T) => void) | undefined, value: T): void {
  try {
    callback?.(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
