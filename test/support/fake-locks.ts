/**
 * Web Locks for several "tabs" of one Node process: exclusive locks, `ifAvailable` and `signal`.
 * @module
 */
import type { Locks } from '../../src/trust/update-lock.js';

/** @returns a lock manager of its own; pass the same one to all tabs */
export function createFakeLocks(): Locks {
  const tails = new Map<string, Promise<unknown>>();
  const held = new Set<string>();
  const request = async (
    name: string,
    options: LockOptions,
    callback: (lock: Lock | null) => unknown,
  ): Promise<unknown> => {
    if (options.ifAvailable && held.has(name)) return callback(null);
    while (held.has(name)) {
      const aborted = new Promise((_, reject) => {
        options.signal?.addEventListener('abort', () => reject(options.signal!.reason), { once: true });
      });
      await Promise.race([tails.get(name), aborted]);
    }
    held.add(name);
    const running = Promise.resolve(callback({ name, mode: 'exclusive' }));
    const released = running.then(
      () => held.delete(name),
      () => held.delete(name),
    );
    tails.set(name, released);
    return running;
  };
  return { request: request as Locks['request'] };
}
