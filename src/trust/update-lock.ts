/**
 * One update at a time over all tabs, by a Web Lock. The lock saves downloads and nothing more: the store's revisions
 * keep two updates apart even where it is missing or a frozen tab holds it.
 * @module
 */

/** What {@link withUpdateLock} needs of `navigator.locks`. */
export type Locks = Pick<LockManager, 'request'>;

/**
 * @param locks - the platform's locks; undefined where there are none
 * @param name - of the lock
 * @param timeoutMs - how long another holder is waited for
 * @param work - told whether it had to wait (another update may have just ended)
 * @returns what `work` returns; it runs in any case, after the deadline without the lock
 */
export async function withUpdateLock<T>(
  locks: Locks | undefined,
  name: string,
  timeoutMs: number,
  work: (hadToWait: boolean) => Promise<T>,
): Promise<T> {
  if (locks === undefined) return work(false);
  // A lock manager that fails must not fail the update; an error of `work` is the caller's.
  let started: Promise<T> | undefined;
  const start = (hadToWait: boolean) => (started ??= work(hadToWait));
  let taken = false;
  try {
    await locks.request(name, { ifAvailable: true }, async (lock) => {
      if (lock === null) return;
      taken = true;
      await start(false);
    });
    if (!taken) {
      const signal = AbortSignal.timeout(timeoutMs);
      await locks.request(name, { signal }, () => start(true));
    }
  } catch {
    // A deadline, a lock that was stolen, or an error of `work`, which `started` carries.
  }
  return start(true);
}
