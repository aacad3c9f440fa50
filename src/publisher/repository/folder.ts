/**
 * A repository's files as a folder: on a disk, or one laid over another to try what would come of it. And the same
 * folder as a server for the client.
 * @module
 */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { TrustError } from '../../trust/errors.js';
import type { Transport } from '../../trust/transport.js';
import { PublisherError, systemReason } from '../errors.js';
import { writeFileAtomically } from '../write-file.js';

/** Files by path, with slashes, below the folder. */
export interface Folder {
  /** What messages call it. */
  readonly name: string;
  /** @returns a file's bytes, or undefined if there is none. @throws PublisherError `input-unreadable` */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Writes a file wholly or not at all. @throws PublisherError `output-failed` */
  write(path: string, bytes: Uint8Array): Promise<void>;
  /** Removes a file if it is there. @throws PublisherError `output-failed` */
  remove(path: string): Promise<void>;
  /** @returns names of the entries of a folder, sorted; none if it is not there */
  list(path: string): Promise<string[]>;
}

/**
 * @param root - path of the folder; made when something is written
 * @returns the folder on the disk
 */
export function diskFolder(root: string): Folder {
  const at = (path: string) => join(root, path);
  return {
    name: root,
    async read(path) {
      try {
        return await readFile(at(path));
      } catch (cause) {
        if (isAbsent(cause)) return undefined;
        throw new PublisherError('input-unreadable', `${at(path)}: ${systemReason(cause)}`, { cause });
      }
    },
    async write(path, bytes) {
      try {
        await mkdir(dirname(at(path)), { recursive: true });
      } catch (cause) {
        throw new PublisherError('output-failed', `${at(path)}: ${systemReason(cause)}`, { cause });
      }
      await writeFileAtomically(at(path), bytes);
    },
    async remove(path) {
      try {
        await rm(at(path), { force: true });
      } catch (cause) {
        throw new PublisherError('output-failed', `${at(path)}: ${systemReason(cause)}`, { cause });
      }
    },
    async list(path) {
      try {
        return (await readdir(at(path))).sort();
      } catch (cause) {
        if (isAbsent(cause)) return [];
        throw new PublisherError('input-unreadable', `${at(path)}: ${systemReason(cause)}`, { cause });
      }
    },
  };
}

/**
 * @param below - a folder, only read
 * @param written - takes what is written, by path
 * @returns a folder that shows both
 */
export function overlayFolder(below: Folder, written: Map<string, Uint8Array>): Folder {
  return {
    name: below.name,
    read: async (path) => written.get(path) ?? below.read(path),
    write: async (path, bytes) => void written.set(path, bytes),
    remove: async (path) => void written.delete(path),
    list: (path) => below.list(path),
  };
}

const FOLDER_URL = 'http://folder.invalid/';

/** Addresses of a published repository, and what fetches from them. */
export interface RepositoryAddress {
  readonly name: string;
  /** With slashes at their ends. */
  readonly metadataUrl: string;
  readonly targetsUrl: string;
  readonly transport: Transport;
}

/**
 * @param folder - holds `metadata/` and `targets/`
 * @returns it as a client sees a server
 */
export function folderAddress(folder: Folder): RepositoryAddress {
  const transport: Transport = {
    async fetch(url, { maxBytes }) {
      const path = decodeURIComponent(url.slice(FOLDER_URL.length));
      const bytes = await folder.read(path);
      if (bytes === undefined) throw new TrustError('not-found', `"${folder.name}" has no ${path}`);
      if (bytes.length > maxBytes)
        throw new TrustError('too-large', `"${path}" has more than the ${maxBytes} bytes allowed`);
      return bytes;
    },
  };
  return {
    name: folder.name,
    metadataUrl: `${FOLDER_URL}metadata/`,
    targetsUrl: `${FOLDER_URL}targets/`,
    transport,
  };
}

function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code === 'ENOENT' || code === 'ENOTDIR';
}
