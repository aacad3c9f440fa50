/**
 * The checks that stand between a part's files and their use, wherever these came from.
 * @module
 */
import { createSHA256 } from 'hash-wasm';
import type { PartName } from '../parts.js';
import { VERSION } from '../version.js';
import type { PartModule } from './parts.js';

/**
 * @param code - a module, as it was imported
 * @param name - the part that it should be
 * @returns the part
 * @throws Error for anything else, and for a part of another version of the package
 */
export function checkedModule<Name extends PartName>(code: unknown, name: Name): PartModule<Name> {
  const part = (code as { part?: PartModule<Name> } | null)?.part;
  if (typeof part?.create !== 'function' || part.name !== name) {
    throw new Error(`the code of the part "${name}" is something else`);
  }
  if (part.version !== VERSION) {
    throw new Error(`the part "${name}" is of another version: ${part.version}, not ${VERSION}`);
  }
  return part;
}

/**
 * @param name - of a data file
 * @param bytes - what it holds
 * @param sha256 - what its digest must be, in lower-case hex
 * @returns the bytes
 * @throws Error for other bytes
 */
export async function checkedFile(name: string, bytes: Uint8Array, sha256: string): Promise<Uint8Array> {
  const digest = (await createSHA256()).update(bytes).digest('hex');
  if (digest !== sha256) throw new Error(`"${name}" is not the file that belongs to this version`);
  return bytes;
}
