/** The whole ceremony by the command line: three organisations, two signatures, our client and tuf-js. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Updater as TufJsUpdater } from 'tuf-js';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { applyDelta } from '../../src/snapshot/delta-apply.js';
import { sha256Hex } from '../../src/trust/bytes.js';
import { MemoryStore } from '../../src/trust/store.js';
import { createHttpHost } from '../support/http-host.js';
import type { RepositoryHost } from '../support/repository-host.js';
import { Client } from '../support/victim.js';
import { Ceremony, DAY, LIST } from './ceremony.js';
import { jsonLines } from './cli-harness.js';

const COUNTS = { alpha: 60, beta: 50, gamma: 40 };
const MORE = { alpha: 80, beta: 75, gamma: 40 };
let ceremony: Ceremony;
let hosts: RepositoryHost[] = [];

beforeEach(() => {
  ceremony = new Ceremony();
});

afterEach(async () => {
  for (const host of hosts) await host.close();
  hosts = [];
  ceremony.close();
});

async function serve(): Promise<RepositoryHost> {
  const host = await createHttpHost(ceremony.files());
  hosts.push(host);
  return host;
}

function newClient(host: RepositoryHost): Client {
  return new Client(host, readFileSync(ceremony.root), new MemoryStore(), ceremony, { applyDelta });
}

describe('three organisations, threshold two', () => {
  it('publish what two of them supplied and signed; our client takes it over http, then a delta', async () => {
    await ceremony.init();
    const first = await ceremony.release(1, COUNTS);
    const host = await serve();
    const client = newClient(host);
    await client.mustUpdate();
    expect((await client.list())?.sha256).toBe(sha256Hex(readFileSync(first)));
    const status = await client.repository.status();
    expect(status.lists[0]).toMatchObject({ version: 1, entries: 50 });
    expect(status.lists[0].approvingKeys?.map(({ organisation }) => organisation).sort()).toEqual([
      'alpha',
      'gamma',
    ]);

    ceremony.now += DAY / 2;
    const second = await ceremony.release(2, MORE, first);
    host.files = ceremony.files();
    const report = await client.mustUpdate();
    expect(await client.inUse()).toBe('2');
    expect((await client.list())?.sha256).toBe(sha256Hex(readFileSync(second)));
    expect(report.state.statistics).toMatchObject({ deltasApplied: 1, fullSnapshots: 1 });
    expect(report.warnings).toEqual({});
  });

  it('are followed by tuf-js over http, through a rotated root, byte by byte', async () => {
    await ceremony.init();
    const first = await ceremony.release(1, COUNTS);
    await ceremony.keygen('beta2');
    const beta2 = `beta=${ceremony.key('beta2')}.pub`;
    await ceremony.must('repo', 'rotate-root', ceremony.dir, '--org', beta2);
    for (const name of ['alpha', 'beta', 'beta2']) await ceremony.sign('root', name);
    for (const name of ['alpha', 'beta2']) await ceremony.sign('targets', name);
    // The urgent role had been signed by alpha, whose key stays.
    await ceremony.publish();
    const host = await serve();
    const folder = ceremony.path('tuf');
    mkdirSync(folder);
    writeFileSync(join(folder, 'root.json'), readFileSync(ceremony.root));
    const updater = new TufJsUpdater({
      metadataDir: folder,
      metadataBaseUrl: `${host.url}metadata`,
      targetDir: folder,
      targetBaseUrl: `${host.url}targets`,
      config: { fetchRetry: 0, fetchTimeout: 3000 },
    });
    await updater.refresh();
    const target = await updater.getTargetInfo(`${LIST}/1.snapshot`);
    const path = await updater.downloadTarget(target!, join(folder, 'target'));
    expect(sha256Hex(readFileSync(path))).toBe(sha256Hex(readFileSync(first)));
    expect(host.requests).toContain('metadata/2.root.json');
  });

  it('need two signatures: one is not published, and the same one twice is one', async () => {
    await ceremony.init();
    const inputs = [...ceremony.lists(COUNTS), '--quorum', '2'];
    await ceremony.must('repo', 'add', ceremony.dir, await ceremony.build(1, inputs));
    for (let i = 0; i < 2; i++) await ceremony.sign('targets', 'alpha', ...inputs);
    const message = await ceremony.fails(
      'repo',
      'publish',
      ceremony.dir,
      ceremony.out,
      ...ceremony.onlineKeys(),
    );
    expect(message).toContain('targets version 1 is signed by 1 (alpha) of the 2 keys');
    expect(existsSync(ceremony.out)).toBe(false);
  });

  it('have their new version wait while the old one stays fresh', async () => {
    await ceremony.init();
    const first = await ceremony.release(1, COUNTS);
    const inputs = [...ceremony.lists(MORE), '--quorum', '2'];
    await ceremony.must('repo', 'add', ceremony.dir, await ceremony.build(2, inputs, first));
    const publish = ['repo', 'publish', ceremony.dir, ceremony.out, ...ceremony.onlineKeys(), '--json'];
    const result = await ceremony.run(publish);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('targets version 2 is signed by 0 of the 2 keys');
    expect(jsonLines(result)[0]).toMatchObject({ published: { timestamp: 2 }, lists: [{ version: 1 }] });
  });
});

describe('a signer', () => {
  it('whose inputs give another digest is refused, and nothing is signed', async () => {
    await ceremony.init();
    const honest = [...ceremony.lists(COUNTS), '--quorum', '2'];
    const extra = ceremony.write(
      'extra.txt',
      'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22',
    );
    const smuggled = [...honest, '--from', `beta=pdq:${extra}`, '--from', `gamma=pdq:${extra}`];
    await ceremony.must('repo', 'add', ceremony.dir, await ceremony.build(1, smuggled));
    const sign = ['repo', 'sign', ceremony.dir, '--role', 'targets', '--key', ceremony.key('alpha')];
    const message = await ceremony.fails(...sign, ...honest);
    expect(message).toContain('50 entries instead of 51');
    expect(await ceremony.fails(...sign)).toContain('--unsafe-sign-unseen');
    const staged = JSON.parse(readFileSync(join(ceremony.dir, 'staged/targets.json'), 'utf8'));
    expect(staged.signatures).toEqual([]);
    const unseen = await ceremony.run([...sign, '--unsafe-sign-unseen']);
    expect(unseen).toMatchObject({ code: 0 });
    expect(unseen.stderr).toContain('was signed unseen');
  });

  it('without a key of the role is refused', async () => {
    await ceremony.init();
    const sign = ['repo', 'sign', ceremony.dir, '--role', 'targets', '--key', ceremony.key('timestamp')];
    expect(await ceremony.fails(...sign)).toContain('is none of the role targets');
  });

  it('sees that a target was tampered with, or its metadata', async () => {
    await ceremony.init();
    const inputs = [...ceremony.lists(COUNTS), '--quorum', '2'];
    const snapshot = await ceremony.build(1, inputs);
    const { added } = await ceremony.must<{ added: { sha256: string }[] }>(
      'repo',
      'add',
      ceremony.dir,
      snapshot,
    );
    const bytes = readFileSync(snapshot);
    bytes[bytes.length - 9] ^= 1;
    writeFileSync(join(ceremony.dir, `targets/${LIST}/${added[0].sha256}.1.snapshot`), bytes);
    const sign = ['repo', 'sign', ceremony.dir, '--role', 'targets', '--key', ceremony.key('alpha')];
    expect(await ceremony.fails(...sign, ...inputs)).toContain('is not the file that the staged metadata');
  });

  it('sees that what passes for published has not been signed', async () => {
    await ceremony.init();
    const first = await ceremony.release(1, COUNTS);
    const path = join(ceremony.dir, 'metadata/1.targets.json');
    const forged = JSON.parse(readFileSync(path, 'utf8'));
    forged.signed.expires = '2099-01-01T00:00:00Z';
    writeFileSync(path, JSON.stringify(forged));
    const inputs = [...ceremony.lists(MORE), '--quorum', '2'];
    await ceremony.must('repo', 'add', ceremony.dir, await ceremony.build(2, inputs, first));
    const sign = ['repo', 'sign', ceremony.dir, '--role', 'targets', '--key', ceremony.key('alpha')];
    expect(await ceremony.fails(...sign, ...inputs)).toContain('is not signed by 2 organisations');
  });

  it('sees that the version before is not the one that was published', async () => {
    await ceremony.init();
    const first = await ceremony.release(1, COUNTS);
    const inputs = [...ceremony.lists(MORE), '--quorum', '2'];
    await ceremony.must('repo', 'add', ceremony.dir, await ceremony.build(2, inputs, first));
    const path = join(ceremony.dir, 'staged/targets.json');
    const staged = JSON.parse(readFileSync(path, 'utf8'));
    staged.signed['x-presieve'].links[0].sha256 = '0'.repeat(64);
    writeFileSync(path, JSON.stringify(staged));
    const sign = ['repo', 'sign', ceremony.dir, '--role', 'targets', '--key', ceremony.key('alpha')];
    expect(await ceremony.fails(...sign, ...inputs)).toContain('names another version 1 before it');
  });
});

describe('publishing', () => {
  it('refuses what clients would refuse: a target that was tampered with after signing', async () => {
    await ceremony.init();
    const inputs = [...ceremony.lists(COUNTS), '--quorum', '2'];
    const snapshot = await ceremony.build(1, inputs);
    await ceremony.must('repo', 'add', ceremony.dir, snapshot);
    for (const name of ['alpha', 'beta']) await ceremony.sign('targets', name, ...inputs);
    const bytes = readFileSync(snapshot);
    const path = join(ceremony.dir, `targets/${LIST}/${sha256Hex(bytes)}.1.snapshot`);
    bytes[bytes.length - 9] ^= 1;
    writeFileSync(path, bytes);
    const publish = ['repo', 'publish', ceremony.dir, ceremony.out, ...ceremony.onlineKeys()];
    expect(await ceremony.fails(...publish)).toContain('clients would refuse this repository (hash)');
    expect(existsSync(ceremony.out)).toBe(false);
  });

  it('renews the timestamp alone with its key alone', async () => {
    await ceremony.init();
    await ceremony.release(1, COUNTS);
    ceremony.now += DAY;
    const { published, files } = await ceremony.must(
      'repo',
      'publish',
      ceremony.dir,
      ceremony.out,
      '--key',
      ceremony.key('timestamp'),
    );
    expect({ published, files }).toEqual({ published: { timestamp: 2 }, files: 1 });
  });

  it('refuses keys of other roles', async () => {
    await ceremony.init();
    const publish = ['repo', 'publish', ceremony.dir, ceremony.out, '--key', ceremony.key('alpha')];
    expect(await ceremony.fails(...publish)).toMatch(/signed by 0 of the 2 keys|none of the keys/);
  });
});

describe('the urgent role', () => {
  it('adds a list in minutes with one signature, and no more entries than its cap', async () => {
    await ceremony.init();
    await ceremony.release(1, COUNTS);
    const few = ceremony.write(
      'urgent.txt',
      'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22',
    );
    const inputs = ['--pdq', few];
    const urgent = await ceremony.build(7, inputs);
    await ceremony.must('repo', 'add', ceremony.dir, urgent, '--urgent');
    await ceremony.sign('urgent', 'beta', ...inputs);
    await ceremony.publish();
    const client = newClient(await serve());
    await client.mustUpdate();
    expect(await client.inUse()).toBe('1 u7');
    ceremony.now += 2 * DAY + 1000;
    await ceremony.publish();
    const later = newClient(await serve());
    await later.update();
    expect(await later.inUse()).toBe('1');

    const many = await ceremony.build(8, ceremony.lists({ alpha: 11, beta: 0, gamma: 0 }));
    expect(await ceremony.fails('repo', 'add', ceremony.dir, many, '--urgent')).toContain(
      '11 entries are over the cap of the urgent role, which is 10',
    );
  });
});

describe('a root', () => {
  it('is rotated when a key is lost: the old key counts no more, the new one does', async () => {
    await ceremony.init();
    const first = await ceremony.release(1, COUNTS);
    const client = newClient(await serve());
    await client.mustUpdate();
    await ceremony.keygen('gamma2', 'delta');
    const joins = ['gamma2', 'delta'].map((name) => `${name.replace('2', '')}=${ceremony.key(name)}.pub`);
    const rotated = await ceremony.must<{ alsoStaged: unknown[] }>(
      'repo',
      'rotate-root',
      ceremony.dir,
      ...joins.flatMap((org) => ['--org', org]),
      '--threshold',
      '3',
    );
    expect(rotated.alsoStaged).toContainEqual({ role: 'targets', version: 2 });
    const publish = ['repo', 'publish', ceremony.dir, ceremony.out, ...ceremony.onlineKeys()];
    // The new keys alone can't make a root.
    await ceremony.sign('root', 'gamma2');
    const early = await ceremony.run(publish);
    expect(early.code).toBe(1);
    expect(early.stderr).toContain('root version 2 is signed by 0 of the 2 keys');
    for (const name of ['alpha', 'beta']) await ceremony.sign('root', name);
    expect(await ceremony.fails(...publish)).toContain('under the new root');
    for (const name of ['alpha', 'beta', 'gamma2']) await ceremony.sign('targets', name);
    await ceremony.publish();
    const again = newClient(await serve());
    await again.mustUpdate();
    expect((await again.repository.status()).lists[0].approvingKeys).toHaveLength(3);

    const inputs = [...ceremony.lists(MORE), '--quorum', '2'];
    await ceremony.must('repo', 'add', ceremony.dir, await ceremony.build(2, inputs, first));
    const old = ['repo', 'sign', ceremony.dir, '--role', 'targets', '--key', ceremony.key('gamma')];
    expect(await ceremony.fails(...old, ...inputs)).toContain('is none of the role targets');
  });
});

describe('repo verify and audit', () => {
  it('say what a client accepts, over http and from a folder', async () => {
    await ceremony.init();
    await ceremony.release(1, COUNTS);
    const host = await serve();
    for (const place of [host.url, ceremony.out]) {
      const verified = await ceremony.must('repo', 'verify', place, '--root', ceremony.root);
      expect(verified).toMatchObject({
        refused: false,
        rootVersion: 1,
        lists: [{ name: LIST, version: 1, entries: 50, expired: false }],
        heads: { targets: { version: 1 } },
        warnings: {},
      });
    }
    ceremony.now += 40 * DAY;
    const result = await ceremony.run(['repo', 'verify', ceremony.out, '--root', ceremony.root]);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('refused (expired)');
  });

  it('list every version with its approvals, and find a mirror and a client that were shown another history', async () => {
    await ceremony.init();
    const first = await ceremony.release(1, COUNTS);
    const fork = ceremony.path('fork');
    cpSync(ceremony.dir, fork, { recursive: true });
    await ceremony.release(2, MORE, first);
    const audit = ['audit', ceremony.out, '--root', ceremony.root];
    const record = await ceremony.must<{ versions: Record<string, unknown>[] }>(...audit);
    expect(record).toMatchObject({ problems: [], disagreements: [] });
    expect(record.versions.map(({ role, version }) => `${role} ${version}`)).toEqual([
      'targets 1',
      'targets 2',
      'urgent 1',
    ]);
    expect(record.versions[1]).toMatchObject({
      threshold: 2,
      approvals: [{ organisation: expect.any(String) }, { organisation: expect.any(String) }],
      added: [{ path: 'hotline/2.snapshot', entries: 75 }, { path: 'hotline/1-2.delta' }],
    });

    const verify = await ceremony.run(['repo', 'verify', ceremony.out, '--root', ceremony.root, '--json']);
    const honest = ceremony.write('client.json', verify.stdout);
    await ceremony.must(...audit, '--against', honest, '--against', ceremony.out);

    // The same two organisations sign another version 2, for somebody else.
    const inputs = [...ceremony.lists({ ...MORE, beta: 70 }), '--quorum', '2'];
    await ceremony.must('repo', 'add', fork, await ceremony.build(2, inputs, first));
    for (const name of ['alpha', 'gamma'])
      await ceremony.must('repo', 'sign', fork, '--role', 'targets', '--key', ceremony.key(name), ...inputs);
    const other = ceremony.path('other');
    await ceremony.must('repo', 'publish', fork, other, ...ceremony.onlineKeys());
    const deceived = await ceremony.must('repo', 'verify', other, '--root', ceremony.root);
    const heads = ceremony.write('deceived.json', JSON.stringify({ heads: deceived.heads }));
    for (const against of [other, heads]) {
      const result = await ceremony.run([...audit, '--against', against, '--json']);
      expect(result.code).toBe(1);
      expect(jsonLines<{ disagreements: string[] }>(result)[0].disagreements).toEqual([
        expect.stringContaining('targets version 2 is'),
      ]);
    }
  });

  it('find a version that is missing', async () => {
    await ceremony.init();
    const first = await ceremony.release(1, COUNTS);
    await ceremony.release(2, MORE, first);
    const copy = ceremony.path('copy');
    cpSync(ceremony.out, copy, { recursive: true });
    writeFileSync(join(copy, 'metadata/1.targets.json'), '{}');
    const result = await ceremony.run(['audit', copy, '--root', ceremony.root]);
    expect(result.code).toBe(1);
    expect(result.stdout).toContain('problem: targets version 1');
  });
});
