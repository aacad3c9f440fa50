/** What a publisher does between versions: terms, urgent lists approved or withdrawn, histories begun anew. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { applyDelta } from '../../src/snapshot/delta-apply.js';
import { MemoryStore } from '../../src/trust/store.js';
import { createMemoryHost, type RepositoryHost } from '../support/repository-host.js';
import { Client } from '../support/victim.js';
import { Ceremony, DAY } from './ceremony.js';

const COUNTS = { alpha: 60, beta: 50, gamma: 40 };
const PDQ = 'f8f8f0cee0f4a84f06370a22038f63f0b36e2ed596621e1d33e6b39c4e9c9b22';
let ceremony: Ceremony;
let host: RepositoryHost;
let first: string;

beforeEach(async () => {
  ceremony = new Ceremony();
  await ceremony.init();
  first = await ceremony.release(1, COUNTS);
  host = createMemoryHost(ceremony.files());
});

afterEach(() => ceremony.close());

function newClient(): Client {
  return new Client(host, readFileSync(ceremony.root), new MemoryStore(), ceremony, { applyDelta });
}

async function publish(): Promise<void> {
  await ceremony.publish();
  host.files = ceremony.files();
}

async function addUrgent(): Promise<string[]> {
  const inputs = ['--pdq', ceremony.write('urgent.txt', PDQ)];
  await ceremony.must('repo', 'add', ceremony.dir, await ceremony.build(7, inputs), '--urgent');
  await ceremony.sign('urgent', 'beta', ...inputs);
  await publish();
  return inputs;
}

it('the same lists for another term: the approval is prolonged, nothing is rebuilt', async () => {
  const client = newClient();
  await client.mustUpdate();
  ceremony.now += 29 * DAY;
  await ceremony.must('repo', 'renew', ceremony.dir);
  for (const name of ['alpha', 'beta']) {
    const { changes, reproduced } = await ceremony.sign('targets', name);
    expect({ changes, reproduced }).toEqual({ changes: [], reproduced: [] });
  }
  await publish();
  ceremony.now += DAY / 2;
  await client.mustUpdate();
  expect((await client.repository.status()).lists[0].expired).toBe(false);
});

it('an urgent list that the others approve is used past its 48 hours', async () => {
  const inputs = await addUrgent();
  const client = newClient();
  await client.mustUpdate();
  expect(await client.inUse()).toBe('1 u7');
  await ceremony.must('repo', 'add', ceremony.dir, ceremony.path('7.snapshot'), '--urgent', '--approve');
  for (const name of ['alpha', 'gamma']) await ceremony.sign('targets', name, ...inputs);
  ceremony.now += 3 * DAY;
  await publish();
  await client.mustUpdate();
  expect(await client.inUse()).toBe('1 u7');
});

it('an urgent list that is withdrawn is dropped', async () => {
  await addUrgent();
  const client = newClient();
  await client.mustUpdate();
  await ceremony.must('repo', 'renew', ceremony.dir, '--role', 'urgent', '--withdraw-urgent');
  await ceremony.sign('urgent', 'alpha');
  await publish();
  await client.mustUpdate();
  expect(await client.inUse()).toBe('1');
});

it('a history that was lost begins anew, and clients follow only with a new root', async () => {
  const client = newClient();
  await client.mustUpdate();
  await ceremony.must('repo', 'rotate-root', ceremony.dir, '--new-history', 'targets');
  for (const name of ['alpha', 'beta']) {
    await ceremony.sign('root', name);
    await ceremony.sign('targets', name);
  }
  await publish();
  await client.mustUpdate();
  const state = (await client.repository.status()).lists[0];
  expect(state).toMatchObject({ version: 1 });
  const record = await ceremony.must<{ versions: { role: string; version: number }[] }>(
    'audit',
    ceremony.out,
    '--root',
    ceremony.root,
  );
  expect(record.versions.filter(({ role }) => role === 'targets').map(({ version }) => version)).toEqual([2]);
});

it('a version of a chain that is missing stops staging, rather than breaking the chain', async () => {
  rmSync(join(ceremony.dir, 'metadata/1.targets.json'));
  expect(await ceremony.fails('repo', 'renew', ceremony.dir)).toContain('every version has to be kept');
});

it('a version that is not higher, a list of another name and a second init are refused', async () => {
  expect(await ceremony.fails('repo', 'add', ceremony.dir, first)).toContain(
    'version 1 of "hotline" is published',
  );
  const other = ceremony.path('other.snapshot');
  const inputs = ceremony.lists(COUNTS);
  await ceremony.must('build', '--name', 'other', '--list-version', '9', '--out', other, ...inputs);
  expect(await ceremony.fails('repo', 'add', ceremony.dir, other)).toContain('no list of this repository');
  const pub = `${ceremony.key('alpha')}.pub`;
  const again = ['--org', `alpha=${pub}`, '--snapshot-key', pub, '--timestamp-key', pub, '--threshold', '1'];
  expect(await ceremony.fails('repo', 'init', ceremony.dir, '--name', 'x', ...again)).toContain(
    'there is a repository already',
  );
});

it('padded deltas have lengths that are multiples, and still lead to the signed bytes', async () => {
  const client = newClient();
  await client.mustUpdate();
  const inputs = [...ceremony.lists({ ...COUNTS, beta: 55 }), '--quorum', '2'];
  const snapshot = await ceremony.build(2, inputs, first);
  const staged = await ceremony.must<{ added: { path: string; bytes: number }[] }>(
    'repo',
    'add',
    ceremony.dir,
    snapshot,
    '--pad-to',
    '512',
  );
  const delta = staged.added.find(({ path }) => path.endsWith('.delta'));
  expect(delta?.bytes).toBe(512);
  for (const name of ['alpha', 'beta']) await ceremony.sign('targets', name, ...inputs);
  await publish();
  const { state } = await client.mustUpdate();
  expect(state.statistics.deltasApplied).toBe(1);
});

it('--keep takes out of the output what no recent version names, and nothing else', async () => {
  const client = newClient();
  await client.mustUpdate();
  let base = first;
  for (let version = 2; version <= 4; version++) {
    ceremony.now += 60_000;
    base = await ceremony.release(version, { ...COUNTS, gamma: 40 + version }, base);
  }
  ceremony.write('public/targets/a-stranger.txt', 'not ours');
  const before = new Set(ceremony.files().keys());
  const inDir = [...ceremony.files(ceremony.dir).keys()].filter((path) => !path.startsWith('staged/'));
  const { removed } = (await ceremony.publish('--keep', '2')) as { removed: string[] };
  const after = new Set(ceremony.files().keys());
  expect([...before].filter((path) => !after.has(path)).sort()).toEqual(removed.slice().sort());
  // Snapshots 1 and 2 are named by none of the last two versions; nor are the deltas to 2, nor older snapshot metadata.
  expect(removed.filter((path) => /\.[12]\.snapshot$/.test(path))).toHaveLength(2);
  expect(removed.filter((path) => /\.[34]\.snapshot$/.test(path))).toEqual([]);
  expect(removed.filter((path) => /^metadata\/\d+\.snapshot\.json$/.test(path)).length).toBeGreaterThan(0);
  expect(removed.filter((path) => /^metadata\/\d+\.(root|targets|urgent)\.json$/.test(path))).toEqual([]);
  expect(after).toContain('targets/a-stranger.txt');
  for (const path of inDir) expect([...ceremony.files(ceremony.dir).keys()]).toContain(path);

  // Clients old and new, and an audit, get what they need; pruning again finds nothing, and brings nothing back.
  host.files = ceremony.files();
  await client.mustUpdate();
  expect(await client.inUse()).toBe('4');
  const newcomer = newClient();
  await newcomer.mustUpdate();
  expect(await newcomer.inUse()).toBe('4');
  const audit = await ceremony.must<{ problems: string[] }>('audit', ceremony.out, '--root', ceremony.root);
  expect(audit.problems).toEqual([]);
  expect((await ceremony.publish('--keep', '2')).removed).toEqual([]);
});

it('--keep of less than one version is refused, and nothing is removed', async () => {
  const before = ceremony.files();
  const said = await ceremony.fails(
    'repo',
    'publish',
    ceremony.dir,
    ceremony.out,
    ...ceremony.onlineKeys(),
    '--keep',
    '0',
  );
  expect(said).toContain('--keep must be 1 or more versions');
  expect(ceremony.files()).toEqual(before);
});
