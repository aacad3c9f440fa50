/**
 * Fetches and holds the bytes of the lists that a host named. On the page, never in the scan worker.
 * @module
 */
import { ScanError } from './errors.js';
import { isBlob, type PlainListSource } from './options.js';

/**
 * @param sources - what the host passed
 * @returns a Blob for each, kept so that a restarted worker can open them again
 * @throws ScanError `list-unavailable`
 */
export async function loadLists(sources: readonly PlainListSource[]): Promise<Blob[]> {
  return Promise.all(sources.map(loadList));
}

/**
 * @param source - what the host passed
 * @param index - its place in `lists`
 * @returns what a message calls it
 */
export function nameOfSource(source: PlainListSource, index: number): string {
  return typeof source === 'string' || source instanceof URL ? `the list at ${source}` : `lists[${index}]`;
}

async function loadList(source: PlainListSource): Promise<Blob> {
  if (isBlob(source)) return source;
  if (source instanceof ArrayBuffer || source instanceof Uint8Array) return new Blob([source as BlobPart]);
  try {
    const response = await fetch(source);
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    return await response.blob();
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new ScanError('list-unavailable', `the list at ${source} could not be fetched: ${why}`, { cause });
  }
}
