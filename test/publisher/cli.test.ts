import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { stdlibPhoto } from '../support/photos.js';
import { cli, jsonLines, workFolder } from './cli-harness.js';

const folder = workFolder();
const photo = folder.write('photo.jpg', stdlibPhoto('acanthus-mollis'));
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

describe('presieve', () => {
  it('prints its version', async () => {
    expect(await cli(['--version'])).toMatchObject({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each([[['--help']], [['help']], [['help', 'build']], [['build', '--help']], [['hash', '--help']]])(
    'prints help: %j',
    async (argv) => {
      const { code, stdout, stderr } = await cli(argv);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toMatch(/^Usage: presieve/);
    },
  );

  it.each([
    ['no command', []],
    ['an unknown command', ['frobnicate']],
    ['an unknown option', ['--frobnicate']],
    ['an unknown option of a command', ['hash', '--frobnicate', photo]],
    ['a command without its argument', ['hash']],
    ['an option without its value', ['scan', photo, '--list']],
  ])('exits with 2 for %s', async (_, argv) => {
    const { code, stdout, stderr } = await cli(argv);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toBe('');
  });

  it('takes files whose names begin with a dash after --', async () => {
    const result = await cli(['hash', '--json', '--', '-missing.jpg']);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('-missing.jpg: no such file');
  });
});

describe('standard output that goes away', () => {
  it('ends the work quietly when it is a broken pipe', async () => {
    const result = await cli(['hash', '--json', photo, photo, photo], {
      stdoutError: { code: 'EPIPE', afterWrites: 1 },
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(result)).toHaveLength(1);
  });

  it('is an error when it is a full disk', async () => {
    const result = await cli(['hash', '--json', photo, photo], {
      stdoutError: { code: 'ENOSPC', afterWrites: 1 },
    });
    expect(result.code).toBe(2);
    expect(result.stderr).toBe('presieve: standard output: no space left on the device\n');
  });
});
