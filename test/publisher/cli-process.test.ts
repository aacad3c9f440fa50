import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import * as publisher from '../../src/publisher/index.js';
import { stdlibPhoto } from '../support/photos.js';
import { hexHashes, workFolder } from './cli-harness.js';

const BIN =
  process.env.PRESIEVE_CLI ?? fileURLToPath(new URL('../../dist/publisher/cli.js', import.meta.url));
const folder = workFolder();
const photo = folder.write('photo.jpg', stdlibPhoto('acanthus-mollis'));

function start(...argv: string[]): ChildProcessWithoutNullStreams {
  return spawn(process.execPath, [BIN, ...argv], { cwd: folder.path('.') });
}

async function finished(child: ChildProcessWithoutNullStreams) {
  const [stdout, stderr]: Buffer[][] = [[], []];
  child.stdout.on('data', (chunk) => stdout.push(chunk));
  child.stderr.on('data', (chunk) => stderr.push(chunk));
  const code = await new Promise((resolve) => child.on('close', resolve));
  return { code, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() };
}

describe.skipIf(!existsSync(BIN))('the built command (dist/publisher/cli.js)', () => {
  it('begins with a line that makes it executable, as npm wants it', () => {
    expect(readFileSync(BIN, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });

  it('exits with 0, 1 and 2', async () => {
    const md5 = hexHashes(5, 32);
    const list = folder.write('list.txt', md5.join('\n'));
    const built = await finished(
      start('build', '--name', 'x', '--list-version', '1', '--md5', list, '--out', 'x.snapshot'),
    );
    expect(built).toMatchObject({ code: 0, stderr: '' });
    expect((await finished(start('scan', '--list', 'x.snapshot', 'photo.jpg'))).code).toBe(0);
    const hash = JSON.parse((await finished(start('hash', '--json', 'photo.jpg'))).stdout.toString());
    const own = folder.write('own.txt', hash.sha256);
    await finished(
      start('build', '--name', 'x', '--list-version', '1', '--sha256', own, '--out', 'own.snapshot'),
    );
    expect((await finished(start('scan', '--list', 'own.snapshot', 'photo.jpg'))).code).toBe(1);
    expect((await finished(start('scan', '--list', 'own.snapshot', 'photo.jpg', 'missing.jpg'))).code).toBe(
      2,
    );
    expect((await finished(start('scan', '--list', 'missing.snapshot', 'photo.jpg'))).code).toBe(2);
    expect((await finished(start('--frobnicate'))).code).toBe(2);
  });

  it('has the picture finder, and does without it', async () => {
    const pdq = folder.write('pdq.txt', hexHashes(5, 64).join('\n'));
    await finished(
      start('build', '--name', 'x', '--list-version', '1', '--pdq', pdq, '--out', 'pdq.snapshot'),
    );
    const coverage = async (...options: string[]) => {
      const scanned = await finished(
        start('scan', '--json', ...options, '--list', 'pdq.snapshot', 'photo.jpg'),
      );
      expect(scanned.stderr).toBe('');
      return JSON.parse(scanned.stdout.toString()).outcome.coverage;
    };
    expect(await coverage()).toEqual({ complete: 'all', notes: [], finder: 'ran' });
    expect(await coverage('--no-finder')).toEqual({ complete: 'all', notes: [], finder: 'off' });
  });

  it('reads a pipe and writes to a pipe', async () => {
    const child = start('build', '--name', 'x', '--list-version', '1', '--md5', '-', '--out', '-');
    child.stdin.end(hexHashes(3000, 32).join('\n'));
    const { code, stdout, stderr } = await finished(child);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(publisher.inspectSnapshot(stdout).sections.md5?.entries).toBe(3000);
  });

  it('does not wait for a standard input that it does not read', async () => {
    expect((await finished(start('hash', photo))).code).toBe(0);
  });

  it('is quiet when its reader goes away', async () => {
    const child = start('hash', '--json', ...Array(40).fill(photo));
    child.stdout.once('data', () => child.stdout.destroy());
    const { stderr, code } = await finished(child);
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
  });

  it.skipIf(!existsSync('/dev/full'))('says when the disk is full (/dev/full)', async () => {
    const shell = spawn('/bin/sh', [
      '-c',
      `"$0" "$1" hash --json "$2" > /dev/full`,
      process.execPath,
      BIN,
      photo,
    ]);
    const { code, stderr } = await finished(shell);
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr: 'presieve: standard output: no space left on the device\n',
    });
  });
});

describe('presieve/publisher', () => {
  it('exports what it says, and nothing else', () => {
    expect(Object.keys(publisher).sort()).toEqual([
      'KEY_BITS',
      'LIST_PRESETS',
      'PublisherError',
      'SKETCH_BITS',
      'addSignal',
      'buildSnapshot',
      'bytesSource',
      'createNodeDecoder',
      'csvReader',
      'defaultCapacity',
      'fileSource',
      'inspectSnapshot',
      'ncmecReader',
      'runCli',
      'stdinSource',
      'stopNciiReader',
      'textReader',
      'threatExchangeReader',
    ]);
  });
});
