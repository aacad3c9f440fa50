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

/** A moment that may be put off. */
export class Deadline {
  /** Rejects with {@link WorkerGone} at the deadline; never resolves. */
  readonly passed: Promise<never>;
  #timeoutMs: number;
  readonly #start = performance.now();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #pass!: () => void;

  /**
   * @param timeoutMs - from now
   * @param what - who should answer, for the message
   */
  constructor(timeoutMs: number, what: string) {
    this.#timeoutMs = timeoutMs;
    this.passed = new Promise((_, reject) => {
      this.#pass = () =>
        reject(new WorkerGone('timeout', `no answer from the ${what} within ${this.#timeoutMs} ms`));
    });
    this.passed.catch(() => {});
    this.#arm();
  }

  /** Puts it off. */
  extend(ms: number): void {
    this.#timeoutMs += ms;
    this.#arm();
  }

  /** Nobody waits any longer. */
  cancel(): void {
    clearTimeout(this.#timer);
  }

  #arm(): void {
    clearTimeout(this.#timer);
    const left = this.#timeoutMs - (performance.now() - this.#start);
    // setTimeout takes a 32-bit number and fires at once for more.
    this.#timer = setTimeout(this.#pass, Math.min(left, 2 ** 31 - 1));
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
  async call<T>(call: PromiseLike<unknown>, timeout: number | Deadline): Promise<T> {
    const deadline = typeof timeout === 'number' ? new Deadline(timeout, this.#what) : timeout;
    try {
      return (await Promise.race([call, deadline.passed, this.death])) as T;
    } finally {
      deadline.cancel();
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
