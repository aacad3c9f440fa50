import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectSnapshot } from '../../src/publisher/inspect.js';
import { cli, hexHashes, jsonLines, NOW_SECONDS, workFolder } from './cli-harness.js';

const folder = workFolder();
const PDQ = hexHashes(30, 64, 1);
const MD5 = hexHashes(30, 32, 2);
const SHA1 = hexHashes(30, 40, 3);
const SHA256 = hexHashes(30, 64, 4);
const pdq = folder.write('pdq.csv', PDQ.map((hash) => `${hash},A`).join('\r\n'));
const md5 = folder.write('md5.txt', MD5.join('\n'));
const sha1 = folder.write('sha1.txt', SHA1.join('\n'));
const sha256 = folder.write('sha256.txt', SHA256.join('\n'));
const SALT = '00112233445566778899aabbccddeeff';

let outs = 0;
/** A path for a snapshot that is not there yet. */
const newOut = () => folder.path(`out-${outs++}.snapshot`);
const build = (...args: string[]) => cli(['build', '--name', 'A list', '--list-version', '3', ...args]);

describe('presieve build', () => {
  it('takes --version for a slip of --list-version, and says which folder is missing', async () => {
    const slip = await cli(['build', '--name', 'x', '--version', '1', '--md5', md5, '--out', newOut()]);
    expect(slip).toMatchObject({ code: 2, stdout: '' });
    expect(slip.stderr).toContain('--list-version');
    const nowhere = await build('--md5', md5, '--out', folder.path('nowhere/list.snapshot'));
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain(`there is no folder ${folder.path('nowhere')}`);
  });

  it('writes a snapshot of every signal, each list repeatable', async () => {
    const out = newOut();
    const more = folder.write('more.txt', `${hexHashes(1, 32, 99)[0]},B\n`);
    const result = await build(
      '--pdq',
      pdq,
      '--md5',
      md5,
      '--md5',
      more,
      '--sha1',
      sha1,
      '--sha256',
      sha256,
      '--out',
      out,
    );
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(inspectSnapshot(readFileSync(out))).toMatchObject({
      name: 'A list',
      version: 3,
      created: NOW_SECONDS,
      demo: false,
      capacity: 65536,
      sections: {
        pdq: { entries: 30, labels: { A: 30 } },
        md5: { entries: 31, labels: { '': 30, B: 1 } },
        sha1: { entries: 30 },
        sha256: { entries: 30 },
      },
    });
    expect(result.stdout).toContain(`wrote ${out}`);
  });

  it('prints exactly one JSON value with --json, which describes the file', async () => {
    const out = newOut();
    const result = await build(
      '--pdq',
      pdq,
      '--out',
      out,
      '--json',
      '--salt',
      SALT,
      '--demo',
      '--capacity',
      '4096',
    );
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const bytes = readFileSync(out);
    expect(jsonLines(result)).toEqual([
      { file: out, ...inspectSnapshot(bytes), repeated: 0, excluded: 0, warnings: 0 },
    ]);
    expect(jsonLines(result)[0]).toMatchObject({
      salt: SALT,
      demo: true,
      capacity: 4096,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      bytes: statSync(out).size,
    });
  });

  it('reads standard input as -', async () => {
    const out = newOut();
    const result = await cli(['build', '--name', 'x', '--list-version', '1', '--md5', '-', '--out', out], {
      stdin: MD5.join('\n'),
    });
    expect(result.code).toBe(0);
    expect(inspectSnapshot(readFileSync(out)).sections.md5?.entries).toBe(30);
  });

  it('writes to standard output as -', async () => {
    const out = newOut();
    const args = ['--md5', md5, '--salt', SALT, '--created', '5'];
    await build(...args, '--out', out);
    const result = await build(...args, '--out', '-');
    expect(result.code).toBe(0);
    expect(Buffer.compare(result.stdoutBytes, readFileSync(out))).toBe(0);
    expect(existsSync('-')).toBe(false);
  });

  it('makes the same bytes of the same lists, salt and time', async () => {
    const shuffled = folder.write('shuffled.txt', [...MD5].reverse().join('\n'));
    const [a, b] = [newOut(), newOut()];
    await build('--md5', md5, '--created', '2026-01-01', '--salt', SALT, '--out', a);
    await build('--md5', shuffled, '--created', '1767225600', '--salt', SALT.toUpperCase(), '--out', b);
    expect(Buffer.compare(readFileSync(a), readFileSync(b))).toBe(0);
  });

  it.each([
    ['1767225600', 1_767_225_600],
    ['0', 0],
    ['2026-01-01', 1_767_225_600],
    ['2026-01-01T01:00:00Z', 1_767_229_200],
    ['2026-01-01T01:00:00.9Z', 1_767_229_200],
    ['2026-01-01T01:00+01:00', 1_767_225_600],
  ])('takes --created %s', async (created, seconds) => {
    const result = await build('--md5', md5, '--out', newOut(), '--json', '--created', created);
    expect(jsonLines(result)[0].created).toBe(seconds);
  });

  it('carries a list on with --base', async () => {
    const [a, b] = [newOut(), newOut()];
    await cli([
      'build',
      '--name',
      'carried',
      '--list-version',
      '1',
      '--capacity',
      '2000',
      '--md5',
      md5,
      '--out',
      a,
    ]);
    const args = ['build', '--base', a, '--md5', md5, '--sha1', sha1, '--out', b, '--json'];
    const result = await cli([...args, '--list-version', '2']);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const { salt } = inspectSnapshot(readFileSync(a));
    expect(jsonLines(result)[0]).toMatchObject({ name: 'carried', version: 2, capacity: 2000, salt });
    for (const conflict of [
      ['--list-version', '1'],
      ['--list-version', '2', '--capacity', '3000'],
      ['--list-version', '2', '--name', 'x'],
    ]) {
      const refused = await cli([...args, ...conflict]);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toMatch(/^presieve: .*the base/);
    }
  });

  it.each([
    [[], 64, 96],
    [['--preset', 'precise'], 64, 96],
    [['--preset', 'compact'], 64, 64],
    [['--preset', 'compact', '--key-bits', '80'], 80, 64],
    [['--sketch-bits', '96', '--preset', 'compact'], 64, 96],
    [['--key-bits', '56'], 56, 96],
    [['--key-bits', '96', '--sketch-bits', '32'], 96, 32],
  ])('takes widths from %j, and carries them on', async (options, keyBits, sketchBits) => {
    const [first, second] = [newOut(), newOut()];
    const built = await build('--pdq', pdq, '--out', first, '--json', ...options);
    expect(built).toMatchObject({ code: 0, stderr: '' });
    expect(jsonLines(built)[0]).toMatchObject({ keyBits, sketchBits });
    const next = ['build', '--base', first, '--list-version', '4', '--pdq', pdq, '--out', second];
    for (const agreeing of [[], options]) {
      expect((await cli([...next, ...agreeing])).code).toBe(0);
      expect(inspectSnapshot(readFileSync(second))).toMatchObject({ keyBits, sketchBits, version: 4 });
    }
    for (const conflict of [
      ['--key-bits', keyBits === 72 ? '64' : '72'],
      ['--sketch-bits', sketchBits === 48 ? '64' : '48'],
    ]) {
      const refused = await cli([...next, ...conflict]);
      expect(refused).toMatchObject({ code: 2, stdout: '' });
      expect(refused.stderr).toMatch(/^presieve: the base has .* bits, which stay/);
    }
  });

  it('says in its help who wants which preset', async () => {
    const { code, stdout } = await cli(['build', '--help']);
    expect(code).toBe(0);
    const help = stdout.replace(/\s+/g, ' ');
    expect(help).toMatch(
      /--preset <name> .*default precise\. precise tells .*; compact is .*choices: "precise", "compact"/,
    );
    expect(help).toMatch(/--key-bits <n> .*choices: "56", "64", "72", "80", "96"/);
    expect(help).toMatch(/--sketch-bits <n> .*choices: "32", "48", "64", "96"/);
  });

  it('may write over its base', async () => {
    const out = newOut();
    await cli(['build', '--name', 'x', '--list-version', '1', '--md5', md5, '--out', out]);
    expect(
      (await cli(['build', '--base', out, '--list-version', '2', '--md5', md5, '--out', out])).code,
    ).toBe(0);
    expect(inspectSnapshot(readFileSync(out)).version).toBe(2);
  });
});

describe('bad lines', () => {
  const bad = folder.write('bad.csv', `hash,label\n${MD5[0]},ok\nnot a hash\n${MD5[1]}0,x\n`);

  it('are refused with file and line number, and nothing is written', async () => {
    mkdirSync(folder.path('empty'), { recursive: true });
    const out = folder.path('empty/x.snapshot');
    const worse = folder.write('worse.txt', `\n${MD5[0]},a,b`);
    const result = await build('--md5', bad, '--sha256', worse, '--sha1', sha1, '--out', out);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr.split('\n')).toEqual([
      'presieve: 3 problems in the lists; nothing was written',
      `${bad}:3: expected 32 hex digits, found 'n' in column 1`,
      `${bad}:4: expected 32 hex digits, found 33`,
      `${worse}:2: expected 64 hex digits, found 32`,
      '',
    ]);
    expect(readdirSync(folder.path('empty'))).toEqual([]);
  });

  it('leave an older snapshot as it was', async () => {
    const out = newOut();
    await build('--md5', md5, '--out', out);
    const before = readFileSync(out);
    expect((await build('--md5', bad, '--out', out)).code).toBe(2);
    expect(Buffer.compare(readFileSync(out), before)).toBe(0);
  });

  it('are listed up to the 20th, then counted', async () => {
    const many = folder.write('many.txt', 'bad\n'.repeat(30));
    const { stderr, stdout, code } = await build('--md5', many, '--out', newOut(), '--json');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const lines = stderr.trimEnd().split('\n');
    expect(lines).toHaveLength(22);
    expect(lines[20]).toMatch(/:20: /);
    expect(lines[21]).toBe('… and 10 more');
  });

  it('of standard input are named so', async () => {
    const { stderr } = await cli(
      ['build', '--name', 'x', '--list-version', '1', '--md5', '-', '--out', newOut()],
      { stdin: 'bad' },
    );
    expect(stderr).toContain('standard input:1: expected 32 hex digits');
  });
});

describe('hashes that would accuse the innocent', () => {
  const empty = folder.write('empty-file.txt', `${MD5[0]}\nd41d8cd98f00b204e9800998ecf8427e\n`);
  const flat = folder.write('flat.txt', `${'f'.repeat(64)}\n${PDQ[0]}\n`);

  it('are warned of, on standard error alone', async () => {
    const result = await build('--md5', empty, '--pdq', flat, '--out', newOut(), '--json');
    expect(result.code).toBe(0);
    expect(jsonLines(result)).toMatchObject([
      { warnings: 2, sections: { md5: { entries: 2 }, pdq: { entries: 2 } } },
    ]);
    expect(result.stderr).toMatch(/^warning: hashes that would accuse the innocent/);
    expect(result.stderr).toContain(`${empty}:2: MD5 of the empty file`);
    expect(result.stderr).toContain(`${flat}:1: PDQ with every bit set`);
  });

  it('are refused by --strict', async () => {
    const out = newOut();
    const result = await build('--md5', empty, '--pdq', flat, '--out', out, '--strict');
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain('presieve: 2 hashes would accuse the innocent; nothing was written');
    expect(result.stderr).toContain(`${empty}:2: MD5 of the empty file`);
    expect(existsSync(out)).toBe(false);
  });

  it('are left out by --exclude, which says how many', async () => {
    const negative = folder.write(
      'negative.txt',
      `# known mistakes\nD41D8CD98F00B204E9800998ECF8427E\n${'f'.repeat(64)}\n`,
    );
    const result = await build(
      '--md5',
      empty,
      '--pdq',
      flat,
      '--exclude',
      negative,
      '--strict',
      '--out',
      newOut(),
      '--json',
    );
    expect(result).toMatchObject({ code: 0, stderr: '2 hashes left out by --exclude\n' });
    expect(jsonLines(result)).toMatchObject([
      { excluded: 2, warnings: 0, sections: { md5: { entries: 1 } } },
    ]);
  });
});

describe('wrong usage', () => {
  const usual = [
    'build',
    '--name',
    'x',
    '--list-version',
    '1',
    '--md5',
    md5,
    '--out',
    folder.path('never.snapshot'),
  ];
  const without = (option: string) => {
    const at = usual.indexOf(option);
    return [...usual.slice(0, at), ...usual.slice(at + 2)];
  };

  it.each([
    ['no name', without('--name'), /--name is needed without --base/],
    ['no version', without('--list-version'), /--list-version/],
    ['no out', without('--out'), /--out/],
    ['no list', without('--md5'), /no list to build from: give --md5, --sha1, --sha256, --pdq/],
    ['an unknown option', [...usual, '--frobnicate'], /unknown option '--frobnicate'/],
    ['an argument too many', [...usual, 'x'], /too many arguments/],
    ['a version that is no number', [...usual, '--list-version', '1e3'], /whole number/],
    ['version 0', [...usual, '--list-version', '0'], /list version must be a whole number from 1/],
    ['a salt that is no hex', [...usual, '--salt', 'salt'], /32 hex digits/],
    ['a local time', [...usual, '--created', '2026-01-01T00:00:00'], /seconds since 1970/],
    ['no time', [...usual, '--created', 'yesterday'], /seconds since 1970/],
    ['a day that is not', [...usual, '--created', '2026-13-01'], /seconds since 1970/],
    ['a negative capacity', [...usual, '--capacity', '-5'], /capacity/],
    ['a capacity of zero', [...usual, '--capacity', '0'], /capacity/],
    ['an unknown preset', [...usual, '--preset', 'tiny'], /--preset .* Allowed choices are precise, compact/],
    ['a key of 60 bits', [...usual, '--key-bits', '60'], /--key-bits .* Allowed choices are 56, 64/],
    ['a sketch of 0 bits', [...usual, '--sketch-bits', '0'], /--sketch-bits .* Allowed choices are 32, 48/],
    ['an empty name', [...usual, '--name', ''], /must not be empty/],
    ['standard input twice', [...usual, '--md5', '-', '--exclude', '-'], /only once/],
    ['two uses of standard output', [...usual, '--out', '-', '--json'], /both want standard output/],
    ['a list that is missing', [...usual, '--pdq', folder.path('missing.txt')], /missing\.txt: no such file/],
    ['a list that is a folder', [...usual, '--pdq', folder.path('.')], /is a directory/],
    ['a base that is missing', [...usual, '--base', folder.path('missing.snapshot')], /no such file/],
    ['a base that is none', [...usual, '--base', md5], /not a readable snapshot/],
    [
      'an out that cannot be',
      [...usual, '--out', folder.path('missing/x')],
      /missing\/x: there is no folder .*missing/,
    ],
  ])('%s: exit code 2, nothing on standard output', async (_, argv, message) => {
    const result = await cli(argv);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
    expect(existsSync(folder.path('never.snapshot'))).toBe(false);
  });

  it('does not write a snapshot to a terminal', async () => {
    const result = await cli([...usual, '--out', '-'], { stdoutIsTerminal: true });
    expect(result).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('progress', () => {
  it('is shown where standard error is a terminal, and cleared', async () => {
    const { code, stderr } = await cli(
      ['build', '--name', 'x', '--list-version', '1', '--md5', md5, '--out', newOut()],
      { stderrIsTerminal: true },
    );
    expect(code).toBe(0);
    expect(stderr).toContain('reading ');
    expect(stderr).toContain('encoding md5');
    expect(stderr.endsWith('\r\u001b[K')).toBe(true);
  });
});
