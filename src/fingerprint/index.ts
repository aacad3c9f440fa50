/**
 * Fingerprints for portals where people report pictures of themselves (in the way of Take It Down and StopNCII): the file stays
 * on the device, its fingerprint goes into a list.
 *
 * Apart from the scanner, which never gives a fingerprint to anyone: nothing that `presieve` itself exports reaches this
 * module. Importing it does nothing.
 * @module
 */
import * as Comlink from 'comlink';
import { DEFAULT_LIMITS } from '../limits.js';
import { type ScanInput, toBlob } from '../options.js';
import { PartSet } from '../part-set.js';
import { type Part, resolveParts } from '../parts.js';
import type { Reply } from '../worker/protocol.js';
import { WorkerGone, WorkerLink } from '../worker-link.js';
import { FINGERPRINT_PROTOCOL, type FingerprintReply, type FingerprintWorkerApi } from './protocol.js';
import { type Fingerprint, FingerprintError } from './types.js';

export type {
  Fingerprint,
  FingerprintErrorCode,
  FingerprintNote,
  FrameFingerprint,
  MissingReason,
  PdqFingerprint,
} from './types.js';
export { FingerprintError } from './types.js';

/** Options of {@link fingerprint}. */
export interface FingerprintOptions {
  /** Ends the work with `FingerprintError` `aborted`. */
  signal?: AbortSignal;
  /** Told 0 to 1, never falling. */
  onProgress?: (fraction: number) => void;
  /** Looks into videos: `videoPart` of `presieve/parts/video`. Without it a video has digests alone. */
  video?: Part;
  /** Time for the whole of it. Default 600,000. */
  timeoutMs?: number;
  /** Larger files are refused. Default 8 GiB. */
  maxFileBytes?: number;
  /** Pictures with more pixels have digests alone. Default 64 mebipixels. */
  maxPixels?: number;
  /** Makes the worker. Default: `fingerprint.worker.js` beside this module. */
  createWorker?: () => Worker;
}

const START_TIMEOUT_MS = DEFAULT_LIMITS.workerStartTimeoutMs;

/** Bundlers look for this very expression. */
function createDefaultWorker(): Worker {
  return new Worker(new URL('./fingerprint.worker.js', import.meta.url), {
    type: 'module',
    name: 'presieve-fingerprint',
  });
}

/**
 * Makes the fingerprint of a file in a worker of its own, which ends with it.
 * @param file - a File, a Blob or bytes
 * @param options - abort signal, progress, limits
 * @returns MD5, SHA-1 and SHA-256 of the file, and PDQ of the upright picture with its quality
 * @throws FingerprintError (by rejection)
 * @example
 * ```ts
 * const { md5, pdq } = await fingerprint(file);
 * if (pdq !== null && pdq.quality >= 50) submit({ signalType: 'ImagePDQ', hashValue: pdq.hash });
 * ```
 */
export async function fingerprint(file: ScanInput, options: FingerprintOptions = {}): Promise<Fingerprint> {
  const { signal, onProgress, timeoutMs = 600_000, createWorker = createDefaultWorker } = options;
  const { blob, limits, parts } = checked(file, options);
  if (signal?.aborted) throw new FingerprintError('aborted', 'the fingerprint was aborted');
  if (blob.size > limits.maxFileBytes)
    throw new FingerprintError(
      'too-large',
      `the file has ${blob.size} bytes; ${limits.maxFileBytes} are allowed`,
    );
  let link: WorkerLink<FingerprintWorkerApi> | undefined;
  const partSet = new PartSet(parts, () => {});
  const onAbort = () => link?.terminate();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const started = (link = startWorker(createWorker));
    const codes = parts.map(({ name, code }) => ({ name, code }));
    const protocol = await started
      .call<number>(started.api.hello(limits, codes), START_TIMEOUT_MS)
      .catch((cause) => {
        throw new FingerprintError(
          'worker-unavailable',
          `the fingerprint worker could not be started: ${cause.message}`,
          {
            cause,
          },
        );
      });
    if (protocol !== FINGERPRINT_PROTOCOL)
      throw new FingerprintError(
        'worker-unavailable',
        `the worker speaks protocol ${protocol}, not ${FINGERPRINT_PROTOCOL}`,
      );
    partSet.start();
    partSet.giveTo({
      createPart: (name, files) =>
        started.call<Reply<'part-ready'>>(started.api.createPart(name, files), timeoutMs),
    });
    let reported = 0;
    const report = (fraction: number) => {
      if (signal?.aborted || !(fraction > reported)) return;
      reported = fraction;
      onProgress?.(fraction);
    };
    const running = started.api.run(blob, Comlink.proxy(report));
    const reply = await started.call<FingerprintReply>(running, timeoutMs);
    if (reply.ok) return reply.value;
    throw new FingerprintError(reply.code === 'unreadable' ? 'unreadable' : 'worker-lost', reply.message);
  } catch (error) {
    if (signal?.aborted)
      throw new FingerprintError('aborted', 'the fingerprint was aborted', { cause: error });
    if (error instanceof WorkerGone)
      throw new FingerprintError(error.reason, error.message, { cause: error });
    throw error;
  } finally {
    signal?.removeEventListener('abort', onAbort);
    partSet.close();
    link?.terminate();
  }
}

function startWorker(createWorker: () => Worker): WorkerLink<FingerprintWorkerApi> {
  try {
    return new WorkerLink(createWorker(), 'fingerprint worker');
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new FingerprintError('worker-unavailable', `the fingerprint worker could not be started: ${why}`, {
      cause,
    });
  }
}

function checked(
  file: unknown,
  { video, timeoutMs, maxFileBytes, maxPixels, onProgress, createWorker }: FingerprintOptions,
) {
  const invalid = (message: string): never => {
    throw new FingerprintError('invalid-argument', message);
  };
  for (const [name, value] of Object.entries({ timeoutMs, maxFileBytes, maxPixels }))
    if (value !== undefined && (typeof value !== 'number' || !(value >= 0)))
      invalid(`"${name}" must be a number, 0 or more`);
  for (const [name, value] of Object.entries({ onProgress, createWorker }))
    if (value !== undefined && typeof value !== 'function') invalid(`"${name}" must be a function`);
  try {
    return {
      blob: toBlob(file),
      parts: resolveParts(video === undefined ? [] : [video]),
      limits: {
        ...DEFAULT_LIMITS,
        ...(maxFileBytes !== undefined && { maxFileBytes }),
        ...(maxPixels !== undefined && { maxPixels }),
      },
    };
  } catch (cause) {
    // What is checked as a part is called "video" here.
    return invalid((cause as Error).message.replace('"parts[0]', '"video'));
  }
}
