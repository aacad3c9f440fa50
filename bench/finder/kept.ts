/**
 * Results of compositions kept in a file, one a line, so that a long report can be broken off and goes on later.
 * @module
 */
import { appendFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import type { CompositionJob, CompositionResult } from './scan-compositions.js';

/** A file of results of one source, one list, one set of photos. */
export class KeptResults {
  readonly #path: string | undefined;
  readonly #results = new Map<string, CompositionResult>();

  /**
   * @param path - of the file; undefined to keep nothing
   * @param origin - what the results depend on besides the job
   * @throws RangeError for a file of results that depend on something else
   */
  constructor(path: string | undefined, origin: Readonly<Record<string, unknown>>) {
    this.#path = path;
    if (path === undefined) return;
    const head = JSON.stringify(origin);
    if (!existsSync(path)) {
      writeFileSync(path, `${head}\n`);
      return;
    }
    // A line that was broken off has no end.
    const [first, ...lines] = readFileSync(path, 'utf8').split('\n').slice(0, -1);
    if (first !== head) throw new RangeError(`'keep' ${path} has results of ${first}, not of ${head}`);
    writeFileSync(path, [head, ...lines, ''].join('\n'));
    for (const line of lines) {
      const [key, result] = JSON.parse(line) as [string, CompositionResult];
      this.#results.set(key, result);
    }
  }

  /** @returns the result of a job that was done */
  get(job: CompositionJob): CompositionResult | undefined {
    return this.#results.get(keyOf(job));
  }

  /** Keeps a result. */
  add(job: CompositionJob, result: CompositionResult): void {
    const key = keyOf(job);
    this.#results.set(key, result);
    if (this.#path !== undefined) appendFileSync(this.#path, `${JSON.stringify([key, result])}\n`);
  }
}

function keyOf({ seed, subject }: CompositionJob): string {
  return `${subject === null ? 'none' : subject}/${seed}`;
}
