/**
 * The page's hold on any of its workers: calls with a deadline, and word of its death.
 *
 * comlink's calls never settle once a worker is gone, so every call here races its deadline and the
 * worker's death.
 * @module
 */
import * as Comlink from 'comlink';

/** Why a call to a worker ended without an answer. */
export class WorkerGone extends Error {
  override readonly name = 'WorkerGone';
  readonly reason: 'timeout' | 'worker-lost';

  constructor(reason: 'timeout' | 'worker-lost', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** A worker and the way to call it. */
export class WorkerLink<Api> {
  readonly api: Comlink.Remote<Api>;
  /** Rejects with {@link WorkerGone} once the worker is dead; never resolves. */
  readonly death: Promise<never>;
  readonly #worker: Worker;
  readonly #what: string;
  #declareDead!: (why: string) => void;
  #alive = true;

  /**
   * @param worker - just made
   * @param what - its name in messages, for example `scan worker`
   */
  constructor(worker: Worker, what: string) {
    this.#worker = worker;
    this.#what = what;
    this.death = new Promise((_, reject) => {
      this.#declareDead = (why) => {
        this.#alive = false;
        reject(new WorkerGone('worker-lost', why));
      };
    });
    this.death.catch(() => {});
    worker.addEventListener('error', (event) => {
      event.preventDefault?.();
      this.#declareDead(`the ${what} failed: ${event.message ?? 'it could not be loaded'}`);
    });
    worker.addEventListener('messageerror', () => this.#declareDead('a message could not be read'));
    this.api = Comlink.wrap<Api>(worker);
  }

  /** False once the worker was terminated or is known to be dead. */
  get alive(): boolean {
    return this.#alive;
  }

  /**
   * Waits for a call's answer. `call` is typed loosely because comlink spreads a union over promises.
   * @throws WorkerGone
   */
  async call<T>(call: PromiseLike<unknown>, timeoutMs: number): Promise<T> {
    let timer: ReturnType<typeof setTimeout> | undefined;
    const deadline = new Promise<never>((_, reject) => {
      timer = setTimeout(
        () => reject(new WorkerGone('timeout', `no answer from the ${this.#what} within ${timeoutMs} ms`)),
        // setTimeout takes a 32-bit number and fires at once for more.
        Math.min(timeoutMs, 2 ** 31 - 1),
      );
    });
    try {
      return (await Promise.race([call, deadline, this.death])) as T;
    } finally {
      clearTimeout(timer);
    }
  }

  /** A worker that is killed from outside fires no event, but loses its lock. @param name - a lock that it holds */
  watchLifeLock(name: string): void {
    globalThis.navigator?.locks
      ?.request(name, () => this.#declareDead(`the ${this.#what} was killed`))
      .catch(() => {});
  }

  /** Ends the worker at once; calls under way reject with {@link WorkerGone}. */
  terminate(): void {
    this.#worker.terminate();
    this.#declareDead(`the ${this.#what} was terminated`);
  }
}

/**
 * Vite's development server bundles packages anew and leaves their workers behind, which no other message tells.
 * @param moduleUrl - `import.meta.url` of the module that has the worker's address
 * @returns what to do about it, to be put behind an error's message; empty elsewhere
 */
export function bundlerHint(moduleUrl: string): string {
  return /\/\.vite\/deps/.test(moduleUrl)
    ? ` (Vite has pre-bundled the package: set "optimizeDeps: { exclude: ['presieve'] }" in vite.config)`
    : '';
}

/** @returns a name for a life lock: 128 random bits. `crypto.randomUUID` exists in secure contexts only. */
export function lifeLockName(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return `presieve-${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}

/**
 * Holds a lock until the calling worker dies.
 * @param name - from {@link lifeLockName}
 * @returns whether it could be had
 */
export function holdLifeLock(name: string): Promise<boolean> {
  return new Promise((resolve) => {
    if (navigator.locks === undefined) return resolve(false);
    const untilDeath = () => {
      resolve(true);
      return new Promise<never>(() => {});
    };
    navigator.locks.request(name, untilDeath).catch(() => resolve(false));
  });
}
