/**
 * Serves a mock repository's files through a `fetch` of its own, honestly or in every bad way. Runs in any engine; the
 * client's real transport reads the streams.
 * @module
 */

/** How a file is served. */
export type Misbehaviour =
  | 'endless'
  | 'slow'
  | 'hang'
  | 'truncated'
  | 'longer'
  | 'bit-flipped'
  | 'content-length-too-small'
  | 'content-length-too-large'
  | 'html'
  | 'error'
  | 'missing'
  | 'unreachable';

/** A server of one repository. */
export interface RepositoryHost {
  readonly url: string;
  readonly fetch: typeof fetch;
  /** What is served; may be replaced or changed at any time. */
  files: Map<string, Uint8Array>;
  /** Files whose path matches are served badly. */
  misbehave(path: RegExp, how: Misbehaviour): void;
  behave(): void;
  /** Paths that were asked for. */
  readonly requests: string[];
  close(): Promise<void>;
}

export const HTML_PAGE = '<!doctype html><title>404</title><p>Sign in to the hotel network</p>';

/** @returns bytes bent as asked; the same bytes for behaviours that are not about content */
export function bend(bytes: Uint8Array, how: Misbehaviour | undefined): Uint8Array {
  if (how === 'truncated') return bytes.subarray(0, Math.floor(bytes.length / 2));
  // What an engine makes of a length that is too small.
  if (how === 'content-length-too-small') return bytes.subarray(0, 7);
  if (how === 'longer') return Uint8Array.from([...bytes, 0x20]);
  if (how === 'html') return new TextEncoder().encode(HTML_PAGE);
  if (how === 'bit-flipped') {
    const bent = bytes.slice();
    bent[Math.floor(bent.length / 2)]! ^= 1;
    return bent;
  }
  return bytes;
}

/** A host without a network. */
export function createMemoryHost(files: Map<string, Uint8Array>): RepositoryHost {
  const rules: { path: RegExp; how: Misbehaviour }[] = [];
  const host: RepositoryHost = {
    url: 'https://lists.invalid/',
    files,
    requests: [],
    misbehave: (path, how) => rules.unshift({ path, how }),
    behave: () => rules.splice(0),
    close: async () => {},
    fetch: async (input, init) => {
      const path = decodeURIComponent(String(input).slice(host.url.length));
      host.requests.push(path);
      const how = rules.find((rule) => rule.path.test(path))?.how;
      const signal = init?.signal ?? undefined;
      if (how === 'unreachable') throw new TypeError('Failed to fetch');
      if (how === 'error') return new Response('', { status: 503 });
      const bytes = host.files.get(path);
      if (how === 'missing' || (bytes === undefined && how === undefined))
        return new Response('', { status: 404 });
      const headers = how === 'content-length-too-large' ? { 'content-length': '9999999999' } : undefined;
      return new Response(stream(bend(bytes ?? new Uint8Array(), how), how, signal), headers && { headers });
    },
  };
  return host;
}

function stream(
  bytes: Uint8Array,
  how: Misbehaviour | undefined,
  signal: AbortSignal | undefined,
): ReadableStream<Uint8Array> {
  let at = 0;
  return new ReadableStream<Uint8Array>({
    start(controller) {
      signal?.addEventListener('abort', () => {
        // A stream that has ended can't fail any more.
        try {
          controller.error(signal.reason);
        } catch {}
      });
    },
    async pull(controller) {
      if (how === 'hang') return new Promise(() => {});
      if (how === 'endless') return controller.enqueue(new Uint8Array(4096).fill(0x20));
      if (at >= bytes.length) return controller.close();
      const step = how === 'slow' ? 1 : 4096;
      if (how === 'slow') await new Promise((resolve) => setTimeout(resolve, 20));
      controller.enqueue(bytes.slice(at, at + step));
      at += step;
    },
  });
}
