/**
 * Spreads jobs over threads.
 * @module
 */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** How to run. */
export interface ThreadOptions<Result> {
  /** Threads. */
  readonly threads: number;
  /** Address of the bundled worker.ts. */
  readonly worker: URL;
  /** Told after each job. */
  readonly onDone: (done: number) => void;
  /** Given each result as it comes. */
  readonly onResult?: (number: number, result: Result) => void;
}

/**
 * @param setup - of each thread
 * @param count - jobs
 * @param makeJob - makes the job of a number below `count`, when its turn comes
 * @param options - see {@link ThreadOptions}
 * @returns the results in the order of the jobs
 * @throws whatever a job throws, after ending the threads
 */
export async function runJobs<Result>(
  setup: unknown,
  count: number,
  makeJob: (number: number) => unknown,
  { threads, worker, onDone, onResult }: ThreadOptions<Result>,
): Promise<Result[]> {
  const results = new Array<Result>(count);
  let next = 0;
  let done = 0;
  const workers: Worker[] = [];
  const runThread = async () => {
    const thread = new Worker(worker, { workerData: setup });
    workers.push(thread);
    while (next < count) {
      const number = next++;
      thread.postMessage(await makeJob(number));
      // Rejects when the thread fails.
      const [result] = (await once(thread, 'message')) as [Result];
      results[number] = result;
      onResult?.(number, result);
      onDone(++done);
    }
  };
  try {
    await Promise.all(Array.from({ length: Math.min(threads, count) }, runThread));
  } finally {
    await Promise.all(workers.map((thread) => thread.terminate()));
  }
  return results;
}
