import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { chmodSync, existsSync, readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PublisherError } from '../../src/publisher/errors.js';
import { readPrivateKey, readPublicKey } from '../../src/publisher/repository/keys.js';
import { cli, jsonLines, workFolder } from './cli-harness.js';

const folder = workFolder();
let files = 0;
const newFile = () => folder.path(`key-${files++}`);
const noPassphrase = async () => undefined;

describe('presieve keygen', () => {
  it('writes a private key that only its owner can read, and its public key and id', async () => {
    const out = newFile();
    const result = await cli(['keygen', '--out', out, '--json']);
    expect(result).toMatchObject({ code: 0 });
    expect(result.stderr).toContain('not encrypted');
    const [printed] = jsonLines(result);
    const publicKey = JSON.parse(readFileSync(`${out}.pub`, 'utf8'));
    expect(printed).toEqual({
      file: out,
      publicFile: `${out}.pub`,
      keyId: publicKey.keyid,
      publicKey: publicKey.keyval.public,
    });
    if (process.platform !== 'win32') expect(statSync(out).mode & 0o777).toBe(0o600);
    // OpenSSL by Node's own way, and the client's key id.
    const spki = createPublicKey(createPrivateKey(readFileSync(out))).export({ type: 'spki', format: 'der' });
    expect(spki.subarray(-32).toString('hex')).toBe(publicKey.keyval.public);
    expect(await readPublicKey(`${out}.pub`)).toMatchObject({ id: publicKey.keyid });
  });

  it('never overwrites a key, private or public', async () => {
    const out = newFile();
    await cli(['keygen', '--out', out]);
    const before = readFileSync(out, 'utf8');
    const again = await cli(['keygen', '--out', out]);
    expect(again).toMatchObject({ code: 2, stdout: '' });
    expect(again.stderr).toContain('never overwritten');
    expect(readFileSync(out, 'utf8')).toBe(before);
    const other = newFile();
    folder.write(`${other.split('/').at(-1)}.pub`, 'something');
    expect(await cli(['keygen', '--out', other])).toMatchObject({ code: 2 });
    expect(existsSync(other)).toBe(false);
    expect(readFileSync(`${other}.pub`, 'utf8')).toBe('something');
  });

  it('encrypts the key by a passphrase from a file or the environment', async () => {
    const passphraseFile = folder.write('passphrase', 'correct horse battery staple\nsecond line\n');
    const byFile = newFile();
    const byVariable = newFile();
    const env = { PRESIEVE_PASSPHRASE: 'correct horse battery staple' };
    const first = await cli(['keygen', '--out', byFile, '--passphrase-file', passphraseFile]);
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(await cli(['keygen', '--out', byVariable], { env })).toMatchObject({ code: 0, stderr: '' });
    for (const path of [byFile, byVariable]) {
      expect(readFileSync(path, 'utf8')).toContain('BEGIN ENCRYPTED PRIVATE KEY');
      await expect(readPrivateKey(path, noPassphrase)).rejects.toThrow('the key is encrypted');
      await expect(readPrivateKey(path, async () => 'wrong')).rejects.toThrow('the passphrase is wrong');
      const key = await readPrivateKey(path, async () => env.PRESIEVE_PASSPHRASE);
      const message = new TextEncoder().encode('message');
      const der = Buffer.concat([
        Buffer.from('302a300506032b6570032100', 'hex'),
        Buffer.from(key.key.keyval.public, 'hex'),
      ]);
      const publicKey = createPublicKey({ key: der, format: 'der', type: 'spki' });
      expect(verify(null, message, publicKey, Buffer.from(key.sign(message), 'hex'))).toBe(true);
    }
    const empty = folder.write('empty', '\n');
    const refused = await cli(['keygen', '--out', newFile(), '--passphrase-file', empty]);
    expect(refused).toMatchObject({ code: 2 });
    expect(refused.stderr).toContain('the passphrase is empty');
  });

  it('needs --out, and takes no passphrase as a value', async () => {
    expect((await cli(['keygen'])).code).toBe(2);
    expect((await cli(['keygen', '--out', newFile(), '--passphrase', 'secret'])).code).toBe(2);
  });
});

describe('a private key file', () => {
  it.skipIf(process.platform === 'win32')('is refused if others can read it', async () => {
    const out = newFile();
    await cli(['keygen', '--out', out]);
    for (const mode of [0o640, 0o604, 0o660]) {
      chmodSync(out, mode);
      await expect(readPrivateKey(out, noPassphrase)).rejects.toThrow('others can read this private key');
    }
    chmodSync(out, 0o400);
    expect((await readPrivateKey(out, noPassphrase)).id).toMatch(/^[0-9a-f]{64}$/);
  });

  it('is refused if it is no Ed25519 key', async () => {
    const path = folder.write('no-key', 'hello');
    chmodSync(path, 0o600);
    await expect(readPrivateKey(path, noPassphrase)).rejects.toThrow('not a private key in PEM');
    const other = newFile();
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    folder.write(other.split('/').at(-1)!, privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    chmodSync(other, 0o600);
    await expect(readPrivateKey(other, noPassphrase)).rejects.toThrow('not an Ed25519 key');
  });
});

describe('a public key file', () => {
  it('is refused if it is a private key, another type, or has another id', async () => {
    const out = newFile();
    await cli(['keygen', '--out', out]);
    await expect(readPublicKey(out)).rejects.toThrow('this is a private key');
    const json = JSON.parse(readFileSync(`${out}.pub`, 'utf8'));
    const bad = [
      { ...json, keyid: '0'.repeat(64) },
      { ...json, keytype: 'rsa' },
      { keyval: {} },
      null,
      'text',
    ];
    for (const [i, value] of bad.entries()) {
      const path = folder.write(`bad-${i}.pub`, JSON.stringify(value));
      await expect(readPublicKey(path)).rejects.toThrow(PublisherError);
    }
  });
});

describe('missing options', () => {
  it.each([
    [['repo', 'init', 'dir', '--name', 'a'], "required option '--org"],
    [['repo', 'sign', 'dir', '--key', 'k'], "required option '--role"],
    [['repo', 'sign', 'dir', '--role', 'targets'], "required option '--key"],
    [['repo', 'sign', 'dir', '--role', 'timestamp', '--key', 'k'], 'Allowed choices'],
    [['repo', 'publish', 'dir', '--key', 'k'], "missing required argument 'out'"],
    [['repo', 'publish', 'dir', 'out'], "required option '--key"],
    [['repo', 'verify', 'dir'], "required option '--root"],
    [['repo', 'add', 'dir'], "missing required argument 'snapshot'"],
    [['repo', 'rotate-root', 'dir'], 'nothing changes'],
    [['audit', 'dir'], "required option '--root"],
    [['repo', 'renew', '/nowhere/at/all'], 'no repository'],
  ])('%j is refused', async (argv, message) => {
    const result = await cli(argv);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
  });

  it('and wrong thresholds, names and keys of a repository', async () => {
    for (const name of ['a', 'b']) await cli(['keygen', '--out', folder.path(name)]);
    const [a, b] = ['a', 'b'].map((name) => `${folder.path(name)}.pub`);
    const init = (list: string, orgs: string[], threshold: string, ...more: string[]) => [
      ...['repo', 'init', newFile(), '--name', list, '--threshold', threshold, ...more],
      ...['--snapshot-key', a, '--timestamp-key', a, ...orgs.flatMap((org) => ['--org', org])],
    ];
    const cases: [string[], string][] = [
      [init('x', [`a=${a}`, `b=${b}`], '3'), 'the threshold must be from 1 to 2'],
      [init('x', [`a=${a}`, `b=${a}`], '2'), 'have the same key'],
      [init('x', [`a=${a}`, `a=${b}`], '2'), 'is named twice'],
      [init('a list', [`a=${a}`, `b=${b}`], '2'), 'no name for a published list'],
      [init('x', [`a=${a}`, `b=${b}`], '2', '--urgent', '5', '--urgent-hours', '49'), '1 to 48'],
      [init('x', [`a=${a}`, `b=${b}`], '2', '--urgent-threshold', '2'), 'no urgent role without'],
    ];
    for (const [argv, message] of cases) {
      const result = await cli(argv);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain(message);
    }
  });
});

it.skipIf(!hasOpenssl())('OpenSSL reads a key that keygen encrypted', async () => {
  const out = newFile();
  await cli(['keygen', '--out', out], { env: { PRESIEVE_PASSPHRASE: 'phrase' } });
  const text = execFileSync('openssl', ['pkey', '-in', out, '-passin', 'pass:phrase', '-noout', '-text']);
  expect(text.toString()).toContain('ED25519 Private-Key');
});

function hasOpenssl(): boolean {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}
