/**
 * Photos of a folder, of one part of the split. Whoever tunes opens photos through a {@link PhotoShelf} of the part
 * `tuning`, which has no way to the others.
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join, relative, sep } from 'node:path';
import { fnv1a32 } from './random.js';
import { isInPart, type Part } from './split.js';

const PHOTO_NAME = /\.(jpe?g|png|webp)$/i;

/** A photo's name: `folder/path within the folder`. */
export type PhotoName = string;

/** The photos of some folders that are in one part of the split. */
export class PhotoShelf {
  readonly part: Part;
  /** Names in ascending order, folder by folder. */
  readonly names: readonly PhotoName[];
  readonly #paths: ReadonlyMap<PhotoName, string>;

  /**
   * @param folders - searched for JPEG, PNG and WebP, also in their subfolders
   * @param part - the others can't be opened
   * @throws RangeError for a folder that isn't there
   */
  constructor(folders: readonly string[], part: Part) {
    const paths = new Map<PhotoName, string>();
    for (const folder of folders) {
      if (!existsSync(folder)) throw new RangeError(`'folders' has ${folder}, which isn't there`);
      const found = readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => !entry.isDirectory() && PHOTO_NAME.test(entry.name))
        .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
        .sort();
      for (const path of found) {
        const name = `${basename(folder)}/${path.split(sep).join('/')}`;
        if (isInPart(part, name)) paths.set(name, join(folder, path));
      }
    }
    this.part = part;
    this.#paths = paths;
    this.names = [...paths.keys()];
  }

  /**
   * @param name - of a photo of this shelf
   * @returns the file's bytes
   * @throws RangeError for any other photo
   */
  async read(name: PhotoName): Promise<Uint8Array<ArrayBuffer>> {
    const path = this.#paths.get(name);
    if (path === undefined) throw new RangeError(`'name' ${name} is not in the part ${this.part}`);
    return new Uint8Array(await readFile(path));
  }

  /**
   * @param most - photos wanted of each folder
   * @returns at most so many of each, chosen by a hash of their names, so that a larger sample holds the smaller
   */
  sample(most: number): PhotoName[] {
    return folderNames(this.names).flatMap((folder) =>
      this.names
        .filter((name) => folderOf(name) === folder)
        .sort((a, b) => fnv1a32(`sample/${a}`) - fnv1a32(`sample/${b}`) || (a < b ? -1 : 1))
        .slice(0, most),
    );
  }
}

/**
 * @param name - of a photo
 * @returns the name of its folder
 */
export function folderOf(name: PhotoName): string {
  return name.slice(0, name.indexOf('/'));
}

/**
 * @param names - of photos
 * @returns the names of their folders, each once
 */
export function folderNames(names: readonly PhotoName[]): string[] {
  return [...new Set(names.map(folderOf))];
}
