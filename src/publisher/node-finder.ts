/**
 * The picture finder in Node, for the commands: the files of the part, loaded when a picture first calls for them, once
 * in a process. Here nobody can tell from a request which file was picked, since there is none.
 * @module
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type Part, type ResolvedPart, resolveParts } from '../parts.js';
import type { PictureFinder } from '../scan/finder.js';
import { checkedFile, checkedModule } from '../scan/part-module.js';
import type { ScanParts } from '../scan/parts.js';
import { systemReason } from './errors.js';

/** Loaded ones, by the address of their code. A failure is forgotten. */
const loaded = new Map<string, Promise<PictureFinder>>();

/** Gives the finder to the scans of one run. */
export class NodeFinder implements ScanParts {
  readonly #part: Part | undefined;
  readonly #onFailure: (message: string) => void;
  #finder: Promise<PictureFinder | null> | undefined;

  /**
   * @param part - where its files lie; default: those of this package
   * @param onFailure - told once, in a sentence, if it can't be loaded
   */
  constructor(part: Part | undefined, onFailure: (message: string) => void) {
    this.#part = part;
    this.#onFailure = onFailure;
  }

  has(name: string): boolean {
    return name === 'finder';
  }

  async get(name: string): Promise<never | null> {
    if (name !== 'finder') return null;
    this.#finder ??= this.#load();
    return (await this.#finder) as never | null;
  }

  async #load(): Promise<PictureFinder | null> {
    try {
      const [part] = resolveParts([this.#part ?? 'finder']);
      let loading = loaded.get(part.code);
      if (loading === undefined) {
        loading = load(part);
        loaded.set(part.code, loading);
        loading.catch(() => loaded.delete(part.code));
      }
      return await loading;
    } catch (error) {
      this.#onFailure(
        `the picture finder could not be loaded, so that pictures inside pictures are not looked for: ${systemReason(error)}`,
      );
      return null;
    }
  }
}

async function load({ code, files }: ResolvedPart): Promise<PictureFinder> {
  const part = checkedModule(await import(code), 'finder');
  const bytes = new Map<string, Uint8Array>();
  for (const file of files) {
    const content = await readFile(fileURLToPath(file.url));
    bytes.set(file.name, await checkedFile(file.name, content, file.sha256));
  }
  return part.create(bytes);
}
