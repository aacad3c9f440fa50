/**
 * Turns for the events of a worker in which long work is under way.
 * @module
 */

/** A message to the worker itself, which waits in line with other events; a timer would wait for 4 ms. */
export class TurnGiver {
  readonly #channel = new MessageChannel();
  #done: (() => void) | undefined;

  constructor() {
    this.#channel.port1.onmessage = () => this.#settle();
  }

  /** Settles after other events that wait: all of them in Chromium, some elsewhere. One call at a time. */
  readonly give = (): Promise<void> =>
    new Promise((resolve) => {
      this.#done = resolve;
      this.#channel.port2.postMessage(null);
    });

  /** Settles a turn that is still awaited. */
  close(): void {
    this.#channel.port1.close();
    this.#settle();
  }

  #settle(): void {
    const done = this.#done;
    this.#done = undefined;
    done?.();
  }
}
