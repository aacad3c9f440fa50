/**
 * Fetches files with a length limit and deadlines that hold whatever the server does.
 * @module
 */
import { asTrustError, TrustError } from './errors.js';

/** How one file is fetched. */
export interface FetchOptions {
  /** More bytes are an error, whatever `Content-Length` says. */
  readonly maxBytes: number;
  /** Time for the whole file. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
}

/** Where bytes come from. Whoever implements it keeps the length limit and the deadline. */
export interface Transport {
  /**
   * @param url - absolute address
   * @param options - limits
   * @returns the file
   * @throws TrustError (by rejection) `not-found`, `network`, `too-large`, `timeout` or `aborted`
   */
  fetch(url: string, options: FetchOptions): Promise<Uint8Array>;
}

/** Settings of {@link createFetchTransport}. */
export interface FetchTransportOptions {
  /** Default: the global one, looked up at each use. */
  readonly fetch?: typeof fetch;
  /** Slowest transfer that is waited for, once `slowGraceMs` have passed. */
  readonly minBytesPerSecond: number;
  readonly slowGraceMs: number;
}

/** Bytes that are set aside before anything has arrived. */
const FIRST_CHUNK_BYTES = 64 * 1024;

/**
 * A transport over `fetch`: no cookies, no referrer, no stale copies.
 * @param options - minimal speed
 * @returns the transport
 */
export function createFetchTransport(options: FetchTransportOptions): Transport {
  return { fetch: (url, limits) => fetchFile(url, limits, options) };
}

async function fetchFile(
  url: string,
  limits: FetchOptions,
  options: FetchTransportOptions,
): Promise<Uint8Array> {
  const { maxBytes, timeoutMs, signal } = limits;
  const { minBytesPerSecond, slowGraceMs } = options;
  const controller = new AbortController();
  let failure: TrustError | undefined;
  let received = 0;
  let rejectAll!: (error: TrustError) => void;
  const ended = new Promise<never>((_, reject) => {
    rejectAll = reject;
  });
  ended.catch(() => {});
  // Not left to fetch alone: some servers and service workers keep an aborted fetch waiting.
  const stop = (error: TrustError) => {
    failure ??= error;
    rejectAll(failure);
    controller.abort(failure);
  };
  const onAbort = () => stop(new TrustError('aborted', `"${url}" was cancelled`));
  if (signal?.aborted) throw new TrustError('aborted', `"${url}" was cancelled`);
  signal?.addEventListener('abort', onAbort, { once: true });
  const deadline = setTimeout(
    () => stop(new TrustError('timeout', `"${url}" took longer than ${Math.round(timeoutMs)} ms`)),
    Math.min(timeoutMs, 2 ** 31 - 1),
  );
  const started = Date.now();
  const speed = setInterval(
    () => {
      const elapsed = Date.now() - started;
      if (elapsed > slowGraceMs && (received / elapsed) * 1000 < minBytesPerSecond)
        stop(new TrustError('timeout', `"${url}" comes at less than ${minBytesPerSecond} bytes a second`));
    },
    Math.max(10, Math.min(1000, slowGraceMs / 4)),
  );
  const read = async (): Promise<Uint8Array> => {
    const request = options.fetch ?? globalThis.fetch;
    const response = await request(url, {
      credentials: 'omit',
      referrerPolicy: 'no-referrer',
      cache: 'no-store',
      signal: controller.signal,
    });
    if (!response.ok) {
      controller.abort();
      // Object stores answer 403 for a file that is not there (as TUF peers take it).
      const code = response.status === 404 || response.status === 403 ? 'not-found' : 'network';
      throw new TrustError(code, `"${url}" answered with status ${response.status}`);
    }
    const tooLarge = () =>
      new TrustError('too-large', `"${url}" has more than the ${maxBytes} bytes allowed`);
    // With a content encoding the header counts other bytes than we get; it may only end things early.
    const declared = Number(response.headers.get('content-length') ?? 0);
    if (declared > maxBytes && !response.headers.has('content-encoding')) throw tooLarge();
    return collect(response.body, maxBytes, tooLarge, (bytes) => {
      received += bytes;
    });
  };
  try {
    return await Promise.race([read(), ended]);
  } catch (error) {
    throw failure ?? asTrustError(error, 'network');
  } finally {
    clearTimeout(deadline);
    clearInterval(speed);
    signal?.removeEventListener('abort', onAbort);
    // Whatever the reason, nothing more is read.
    controller.abort();
  }
}

async function collect(
  body: ReadableStream<Uint8Array> | null,
  maxBytes: number,
  tooLarge: () => TrustError,
  onBytes: (bytes: number) => void,
): Promise<Uint8Array> {
  let buffer = new Uint8Array(Math.min(maxBytes, FIRST_CHUNK_BYTES));
  let length = 0;
  if (body === null) return buffer.subarray(0, 0);
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return buffer.slice(0, length);
    onBytes(value.length);
    if (length + value.length > maxBytes) throw tooLarge();
    if (length + value.length > buffer.length) {
      // Doubling, but never more than may come: memory follows what arrived, not what was promised.
      const grown = new Uint8Array(Math.min(maxBytes, Math.max(buffer.length * 2, length + value.length)));
      grown.set(buffer.subarray(0, length));
      buffer = grown;
    }
    buffer.set(value, length);
    length += value.length;
  }
}
