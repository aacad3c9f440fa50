/**
 * Writing a result so that nobody ever sees half of it.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { open, realpath, rename, rm, stat, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { PublisherError, systemReason } from './errors.js';

/**
 * Writes to a temporary file beside the target, flushes it to the disk and renames it, so that the target
 * holds its old content or all of the new one. A symbolic link is followed; a target that is no regular file
 * (a pipe, a device) is written to directly, since renaming would replace it.
 * @param path - the target
 * @param bytes - what it will hold
 * @throws PublisherError `output-failed`
 */
export async function writeFileAtomically(path: string, bytes: Uint8Array): Promise<void> {
  try {
    const existing = await stat(path).catch(() => null);
    if (existing?.isDirectory()) throw Object.assign(new Error(), { code: 'EISDIR' });
    if (existing && !existing.isFile()) {
      await writeFile(path, bytes);
      return;
    }
    const target = existing ? await realpath(path) : path;
    await replace(target, bytes);
  } catch (cause) {
    const isMissing = (cause as NodeJS.ErrnoException).code === 'ENOENT';
    const why = isMissing ? `there is no folder ${dirname(path)}` : systemReason(cause);
    throw new PublisherError('output-failed', `${path}: ${why}`, { cause });
  }
}

async function replace(target: string, bytes: Uint8Array): Promise<void> {
  const temporary = `${target}.${randomBytes(6).toString('hex')}.tmp`;
  const file = await open(temporary, 'wx');
  try {
    try {
      await file.writeFile(bytes);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
