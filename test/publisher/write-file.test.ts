import { lstatSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PublisherError } from '../../src/publisher/errors.js';
import { writeFileAtomically } from '../../src/publisher/write-file.js';
import { workFolder } from './cli-harness.js';

const folder = workFolder();
const failure = async (promise: Promise<unknown>) => {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(PublisherError);
  return error as PublisherError;
};

describe('writeFileAtomically', () => {
  it('writes a new file, and leaves nothing beside it', async () => {
    mkdirSync(folder.path('new'));
    await writeFileAtomically(folder.path('new/out'), Buffer.from('content'));
    expect(readFileSync(folder.path('new/out'), 'utf8')).toBe('content');
    expect(readdirSync(folder.path('new'))).toEqual(['out']);
  });

  it('replaces a file by a new one, so that a reader of the old one is not disturbed', async () => {
    const path = folder.write('old', 'old');
    const before = statSync(path).ino;
    await writeFileAtomically(path, Buffer.from('new'));
    expect(readFileSync(path, 'utf8')).toBe('new');
    expect(statSync(path).ino).not.toBe(before);
  });

  it('follows a symbolic link', async () => {
    folder.write('target', 'old');
    symlinkSync(folder.path('target'), folder.path('link'));
    await writeFileAtomically(folder.path('link'), Buffer.from('new'));
    expect(lstatSync(folder.path('link')).isSymbolicLink()).toBe(true);
    expect(readFileSync(folder.path('target'), 'utf8')).toBe('new');
  });

  it('writes to a device without replacing it', async () => {
    await writeFileAtomically('/dev/null', Buffer.from('gone'));
    expect(statSync('/dev/null').isCharacterDevice()).toBe(true);
  });

  it.each([
    ['a folder', '', 'is a directory'],
    ['a name in a folder that is not there', 'missing/out', `there is no folder ${folder.path('missing')}`],
  ])('refuses %s', async (_, name, reason) => {
    const { code, message } = await failure(writeFileAtomically(folder.path(name), Buffer.from('x')));
    expect(code).toBe('output-failed');
    expect(message).toBe(`${folder.path(name)}: ${reason}`);
  });
});
