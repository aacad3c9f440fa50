/** Our client against repositories of the reference peers, and theirs against ours, over loopback HTTP. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Key,
  Metadata,
  MetaFile,
  Root,
  Signature,
  Snapshot,
  TargetFile,
  Targets,
  Timestamp,
} from '@tufjs/models';
import { initializeTUFRepo, tufHandlers } from '@tufjs/repo-mock';
import {
  createRootMeta,
  createSnapshotMeta,
  createTargetsMeta,
  createTimestampMeta,
} from '@tufjs/repo-mock/dist/metadata.js';
import { Updater as TufJsUpdater } from 'tuf-js';
import { afterEach, describe, expect, test } from 'vitest';
import { sha256Hex } from '../../src/trust/bytes.js';
import { MemoryStore } from '../../src/trust/store.js';
import { createFetchTransport } from '../../src/trust/transport.js';
import { Updater } from '../../src/trust/updater.js';
import { createHttpHost } from '../support/http-host.js';
import { makeList } from '../support/lists.js';
import { LIST, type MockKey, MockRepository } from '../support/mock-repository.js';
import { NODE_MOCK_CRYPTO } from '../support/node-mock-crypto.js';
import type { RepositoryHost } from '../support/repository-host.js';
import { Client, codeOf, TEST_LIMITS } from '../support/victim.js';

const HOUR = 3_600_000;
const closing: (() => void | Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function serve(files: Map<string, Uint8Array>): Promise<RepositoryHost> {
  const host = await createHttpHost(files);
  closing.push(() => host.close());
  return host;
}

describe('tuf-js takes what the mock publisher signs', () => {
  function tufJs(host: RepositoryHost, anchor: Uint8Array): { updater: TufJsUpdater; folder: string } {
    const folder = mkdtempSync(join(tmpdir(), 'presieve-tuf-'));
    closing.push(() => rmSync(folder, { recursive: true }));
    writeFileSync(join(folder, 'root.json'), anchor);
    const updater = new TufJsUpdater({
      metadataDir: folder,
      metadataBaseUrl: `${host.url}metadata`,
      targetDir: folder,
      targetBaseUrl: `${host.url}targets`,
      config: { fetchRetry: 0, fetchTimeout: 3000 },
    });
    return { updater, folder };
  }

  async function download(updater: TufJsUpdater, folder: string, path: string): Promise<Uint8Array> {
    const target = await updater.getTargetInfo(path);
    if (target === undefined) throw new Error(`tuf-js finds no ${path}`);
    return readFileSync(await updater.downloadTarget(target, join(folder, 'target')));
  }

  test('an ordinary list, a rotated root, an urgent list of a delegated role', async () => {
    const repository = await MockRepository.create(NODE_MOCK_CRYPTO, Date.now());
    const host = await serve(repository.files);
    repository.keys.root = [await repository.createKey(), await repository.createKey()];
    repository.rotateRoot();
    const ordinary = repository.setList(2);
    const urgent = repository.setUrgent(1, 10);
    repository.publish();
    const { updater, folder } = tufJs(host, repository.anchor);
    await updater.refresh();
    expect(sha256Hex(await download(updater, folder, `${LIST}/2.snapshot`))).toBe(sha256Hex(ordinary));
    expect(sha256Hex(await download(updater, folder, `${LIST}/urgent-1.snapshot`))).toBe(sha256Hex(urgent));
    // And so does our own client, on the very same files.
    const client = new Client(host, repository.anchor, new MemoryStore(), { now: Date.now() });
    await client.mustUpdate();
    expect(await client.inUse()).toBe('2 u1');
  });

  test('and refuses what our client refuses: too few signatures', async () => {
    const repository = await MockRepository.create(NODE_MOCK_CRYPTO, Date.now());
    repository.publish({ signers: { targets: repository.keys.targets.slice(0, 1) } });
    const host = await serve(repository.files);
    await expect(tufJs(host, repository.anchor).updater.refresh()).rejects.toThrow(/signed by 1\/2/);
    const client = new Client(host, repository.anchor, new MemoryStore(), { now: Date.now() });
    expect(codeOf(await client.update())).toBe('threshold');
  });
});

/** A key of the mock as the models want it. */
const modelKey = ({ id, json }: MockKey) =>
  new Key({ keyID: id, keyType: json.keytype, scheme: json.scheme, keyVal: json.keyval });
const signWith = (key: MockKey) => (data: Buffer) => new Signature({ keyID: key.id, sig: key.sign(data) });

function listTarget(path: string, bytes: Uint8Array, version: number, created: number): TargetFile {
  const presieve = { list: LIST, version, created, entries: 25 };
  return new TargetFile({
    path,
    length: bytes.length,
    hashes: { sha256: sha256Hex(bytes) },
    unrecognizedFields: { custom: { presieve } } as unknown as Record<string, never>,
  });
}

describe('our client takes what the peers sign', () => {
  test.each([true, false])('@tufjs/models, consistent snapshots: %s', async (consistentSnapshot) => {
    const created = Math.floor(Date.now() / 1000);
    const bytes = makeList({ name: LIST, version: 7, createdSeconds: created, pdqDecoys: 25 });
    const path = `${LIST}/7.snapshot`;
    const keys = await Promise.all(Array.from({ length: 4 }, () => NODE_MOCK_CRYPTO.createKey()));
    const expires = new Date(Date.now() + 24 * HOUR).toISOString();
    const files = new Map<string, Uint8Array>();
    const put = (name: string, metadata: Metadata<Root | Targets | Snapshot | Timestamp>) => {
      const text = new TextEncoder().encode(JSON.stringify(metadata.toJSON()));
      files.set(`metadata/${name}`, text);
      return new MetaFile({
        version: metadata.signed.version,
        length: text.length,
        hashes: { sha256: sha256Hex(text) },
      });
    };
    const prefix = consistentSnapshot ? '3.' : '';

    const root = new Metadata(new Root({ version: 1, specVersion: '1.0.31', expires, consistentSnapshot }));
    (['root', 'targets', 'snapshot', 'timestamp'] as const).forEach((role, i) => {
      root.signed.addKey(modelKey(keys[i]!), role);
    });
    root.sign(signWith(keys[0]!));
    put('1.root.json', root);
    const targets = new Metadata(new Targets({ version: 3, specVersion: '1.0.31', expires }));
    targets.signed.addTarget(listTarget(path, bytes, 7, created));
    targets.sign(signWith(keys[1]!));
    const meta = { 'targets.json': put(`${prefix}targets.json`, targets) };
    const snapshot = new Metadata(new Snapshot({ version: 3, specVersion: '1.0.31', expires, meta }));
    snapshot.sign(signWith(keys[2]!));
    const snapshotMeta = put(`${prefix}snapshot.json`, snapshot);
    const timestamp = new Metadata(
      new Timestamp({ version: 3, specVersion: '1.0.31', expires, snapshotMeta }),
    );
    timestamp.sign(signWith(keys[3]!));
    put('timestamp.json', timestamp);
    files.set(`targets/${LIST}/${consistentSnapshot ? `${sha256Hex(bytes)}.` : ''}7.snapshot`, bytes);

    const host = await serve(files);
    const client = new Client(host, files.get('metadata/1.root.json')!, new MemoryStore(), {
      now: Date.now(),
    });
    await client.mustUpdate();
    expect((await client.list())?.approvingKeys).toEqual([keys[1]!.id]);
    expect((await client.list())?.sha256).toBe(sha256Hex(bytes));
  });

  function filesOf(repo: ReturnType<typeof initializeTUFRepo>): Map<string, Uint8Array> {
    const files = new Map<string, Uint8Array>();
    for (const { path, fn } of tufHandlers(repo, {})) {
      const { statusCode, response } = fn();
      if (statusCode === 200) files.set(path.slice(1), Uint8Array.from(Buffer.from(response)));
    }
    return files;
  }

  test('@tufjs/repo-mock, its metadata made with an Ed25519 key', async () => {
    const created = Math.floor(Date.now() / 1000);
    const content = Buffer.from(makeList({ name: LIST, version: 1, createdSeconds: created, pdqDecoys: 25 }));
    const name = `${LIST}/1.snapshot`;
    const key = await NODE_MOCK_CRYPTO.createKey();
    const keyPair = { publicKey: modelKey(key), sign: signWith(key) } as unknown as Parameters<
      typeof createRootMeta
    >[0];
    const targetsMeta = createTargetsMeta([listTarget(name, content, 1, created)], keyPair);
    const snapshotMeta = createSnapshotMeta(targetsMeta, keyPair);
    const timestampMeta = createTimestampMeta(snapshotMeta, keyPair);
    const rootMeta = createRootMeta(keyPair);
    const files = filesOf({
      rootMeta,
      timestampMeta,
      snapshotMeta,
      targetsMeta,
      targets: [{ name, content }],
    });
    const host = await serve(files);
    const anchor = new TextEncoder().encode(JSON.stringify(rootMeta.toJSON()));
    const client = new Client(host, anchor, new MemoryStore(), { now: Date.now() });
    await client.mustUpdate();
    expect(await client.inUse()).toBe('1');
  });

  test('@tufjs/repo-mock as it comes signs with ECDSA, which is no key of ours', () => {
    const repo = initializeTUFRepo([{ name: 'a', content: Buffer.from('a') }]);
    const anchor = new TextEncoder().encode(JSON.stringify(repo.rootMeta.toJSON()));
    const create = () =>
      new Updater({
        metadataUrl: 'http://localhost/metadata/',
        targetsUrl: 'http://localhost/targets/',
        anchor,
        transport: createFetchTransport(TEST_LIMITS),
        now: Date.now(),
        limits: TEST_LIMITS,
      });
    expect(create).toThrow(expect.objectContaining({ code: 'signature' }));
  });
});
