/**
 * The parts of one scanner: their data files, fetched once by the page, and what became of each part.
 * @module
 */
import type { PartFile, PartName, ResolvedPart } from './parts.js';
import type { PartBytes, Reply } from './worker/protocol.js';

/** What became of a part. */
export interface PartStatus {
  name: PartName;
  state: 'loading' | 'ready' | 'failed';
  /** Why it failed. */
  error?: string;
}

/** The worker's side, as far as parts go. */
export interface PartReceiver {
  /** @param files - the part's data files, or null if they can't be had */
  createPart(name: PartName, files: readonly PartBytes[] | null): Promise<Reply<'part-ready'>>;
}

/** A library whose length and digest the host gave, which src/parts.ts has checked and named. */
type CheckedLibrary = ResolvedPart['files'][number];

/** See the module. */
export class PartSet {
  readonly parts: readonly ResolvedPart[];
  readonly #onChange: () => void;
  readonly #closing = new AbortController();
  readonly #statuses = new Map<PartName, PartStatus>();
  /** Fetched files, kept as Blobs for the next worker; a failure is forgotten. */
  readonly #files = new Map<PartName, Promise<PartBytes[]>>();
  #receiver: PartReceiver | undefined;

  /**
   * @param parts - what the host declared
   * @param onChange - told of every change of {@link statuses}
   */
  constructor(parts: readonly ResolvedPart[], onChange: () => void) {
    this.parts = parts;
    this.#onChange = onChange;
    for (const { name } of parts) this.#statuses.set(name, { name, state: 'loading' });
  }

  get statuses(): PartStatus[] {
    return [...this.#statuses.values()].map((status) => ({ ...status }));
  }

  /** Starts to fetch the data files. */
  start(): void {
    for (const part of this.parts) this.#filesOf(part).catch(() => {});
  }

  /**
   * Has a new worker create the parts, in the background.
   * @param receiver - in place of the one before
   */
  giveTo(receiver: PartReceiver): void {
    this.#receiver = receiver;
    for (const part of this.parts) {
      this.#set(receiver, { name: part.name, state: 'loading' });
      void this.#give(part, receiver);
    }
  }

  /** Ends what is under way. */
  close(): void {
    this.#closing.abort();
  }

  async #give(part: ResolvedPart, receiver: PartReceiver): Promise<void> {
    const { name } = part;
    const failed = (error: string) => this.#set(receiver, { name, state: 'failed', error });
    try {
      const files = await this.#filesOf(part).catch(async (error) => {
        await receiver.createPart(name, null);
        throw error;
      });
      const reply = await receiver.createPart(name, files);
      if (reply.ok) this.#set(receiver, { name, state: 'ready' });
      else failed(await this.#explained(reply.message, part));
    } catch (error) {
      failed(error instanceof Error ? error.message : String(error));
    }
  }

  /** Answers of a worker that was replaced meanwhile no longer count. */
  #set(receiver: PartReceiver, status: PartStatus): void {
    if (receiver !== this.#receiver || this.#closing.signal.aborted) return;
    this.#statuses.set(status.name, status);
    this.#onChange();
  }

  /** Engines don't say why a module could not be imported. */
  async #explained(message: string, { library }: ResolvedPart): Promise<string> {
    if (!library || !message.includes(library.url)) return message;
    const { status, headers } = await fetch(library.url, { signal: this.#closing.signal });
    return `${message}: HTTP status ${status}, ${headers.get('content-type')}`;
  }

  #filesOf({ name, files, library }: ResolvedPart): Promise<PartBytes[]> {
    let fetched = this.#files.get(name);
    if (fetched === undefined) {
      const all = library?.sha256 === undefined ? files : [...files, library as CheckedLibrary];
      fetched = Promise.all(all.map((file) => fetchPartFile(file, this.#closing.signal)));
      this.#files.set(name, fetched);
      fetched.catch(() => this.#files.delete(name));
    }
    return fetched;
  }
}

/**
 * @param file - where it lies, and its length
 * @param signal - ends the request
 * @returns its bytes; the worker compares the digest
 * @throws Error that says what came instead
 */
async function fetchPartFile(file: PartFile, signal: AbortSignal): Promise<PartBytes> {
  const { name, url, bytes, sha256 } = file;
  const response = await fetch(url, { signal });
  if (!response.ok)
    throw new Error(`"${name}" could not be fetched from ${url}: HTTP status ${response.status}`);
  const blob = await response.blob();
  if (blob.size !== bytes) {
    // Servers of single-page apps answer any unknown address with their start page.
    const what = /html/.test(blob.type) ? 'an HTML page' : 'a file';
    throw new Error(`"${name}" is ${what} of ${blob.size} bytes, not ${bytes}: is it deployed at ${url}?`);
  }
  return { name, blob, sha256 };
}
