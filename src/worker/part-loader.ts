/**
 * Loads the code of declared parts: the one place in the worker that imports anything while it runs.
 *
 * The imports start with the worker, before it has seen any file, and are never repeated.
 * @module
 */
import { createSHA256 } from 'hash-wasm';
import type { PartName } from '../parts.js';
import type { PartInterfaces, PartModule, ScanParts } from '../scan/parts.js';
import { VERSION } from '../version.js';
import type { PartBytes, PartCode } from './protocol.js';

/** Imports a module by its address. */
export type ImportModule = (url: string) => Promise<unknown>;

const importModule: ImportModule = (url) => import(/* @vite-ignore */ /* webpackIgnore: true */ url);

interface Loading {
  /** The module as it came, unchecked. */
  code: Promise<unknown>;
  library: string | undefined;
  /** What scans wait for; null if the part can't be had. */
  created: Promise<unknown>;
  settle(part: unknown): void;
}

/** The parts of one worker. */
export class PartLoader implements ScanParts {
  readonly #loading = new Map<PartName, Loading>();
  readonly #load: ImportModule;

  /**
   * @param parts - to import, now
   * @param load - imports a module
   */
  constructor(parts: readonly PartCode[], load: ImportModule = importModule) {
    this.#load = load;
    for (const { name, code, library } of parts) {
      let settle: Loading['settle'] = () => {};
      const created = new Promise<unknown>((resolve) => {
        settle = resolve;
      });
      const imported = load(code);
      imported.catch(() => settle(null));
      this.#loading.set(name, { code: imported, library, created, settle });
    }
  }

  has(name: PartName): boolean {
    return this.#loading.has(name);
  }

  async get<Name extends PartName>(name: Name): Promise<PartInterfaces[Name] | null> {
    return ((await this.#loading.get(name)?.created) ?? null) as PartInterfaces[Name] | null;
  }

  /**
   * @param name - a part that was given to the constructor
   * @param files - its data files, or null if they can't be had: then nobody waits for the part any longer
   * @throws Error that says why the part can't be had
   */
  async create(name: PartName, files: readonly PartBytes[] | null): Promise<void> {
    const loading = this.#loading.get(name);
    if (loading === undefined) throw new Error(`the part "${name}" was not declared`);
    try {
      if (files === null) throw new Error(`the files of the part "${name}" are missing`);
      const module = moduleOf(await loading.code, name);
      const checked = await checkedFiles(files);
      loading.settle(await module.create(checked, await this.#libraryOf(loading, name)));
    } catch (error) {
      loading.settle(null);
      throw error;
    }
  }

  /** Still at the start: the page asks for every part as soon as it has its files, and has seen the library if it can be checked. */
  async #libraryOf({ library }: Loading, name: PartName): Promise<unknown> {
    if (library === undefined) return undefined;
    try {
      return await this.#load(library);
    } catch (cause) {
      throw new Error(`the library of the part "${name}" could not be imported from ${library}`, { cause });
    }
  }
}

function moduleOf(code: unknown, name: PartName): PartModule {
  const part = (code as { part?: PartModule } | null)?.part;
  if (typeof part?.create !== 'function' || part.name !== name) {
    throw new Error(`the code of the part "${name}" is something else`);
  }
  if (part.version !== VERSION) {
    throw new Error(`the part "${name}" is of another version: ${part.version}, not ${VERSION}`);
  }
  return part;
}

async function checkedFiles(files: readonly PartBytes[]): Promise<Map<string, Uint8Array>> {
  const checked = new Map<string, Uint8Array>();
  for (const { name, blob, sha256 } of files) {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    const digest = (await createSHA256()).update(bytes).digest('hex');
    if (digest !== sha256) throw new Error(`"${name}" is not the file that belongs to this version`);
    checked.set(name, bytes);
  }
  return checked;
}
