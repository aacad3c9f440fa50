/**
 * Whoever holds a publisher's folder, its web server and its online keys, but none of the organisations' keys.
 * @module
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { MetaFile, Snapshot, Timestamp } from '@tufjs/models';
import { readPrivateKey } from '../../src/publisher/repository/keys.js';
import { encodeSigned } from '../../src/publisher/repository/metadata.js';
import { sha256Hex } from '../../src/trust/bytes.js';
import type { Ceremony } from './ceremony.js';

/**
 * Puts out what is staged, with whatever signatures it has: what `repo publish` refuses to do.
 * @param ceremony - its online keys are stolen
 * @returns the files of the web server from now on
 */
export async function publishAsStaged(ceremony: Ceremony): Promise<Map<string, Uint8Array>> {
  const files = ceremony.files();
  const read = (path: string) => JSON.parse(new TextDecoder().decode(files.get(path))).signed;
  const key = (name: string) => readPrivateKey(ceremony.key(name), async () => undefined);
  const put = (name: string, bytes: Uint8Array, version: number): MetaFile => {
    files.set(`metadata/${name}`, bytes);
    return new MetaFile({ version, length: bytes.length, hashes: { sha256: sha256Hex(bytes) } });
  };

  const targets = Uint8Array.from(readFileSync(join(ceremony.dir, 'staged/targets.json')));
  const { version, targets: listed } = JSON.parse(new TextDecoder().decode(targets)).signed;
  for (const [path, { hashes }] of Object.entries<{ hashes: { sha256: string } }>(listed)) {
    const name = path.replace(/([^/]+)$/, `${hashes.sha256}.$1`);
    files.set(`targets/${name}`, Uint8Array.from(readFileSync(join(ceremony.dir, 'targets', name))));
  }
  const timestamp = read('metadata/timestamp.json');
  const before = timestamp.meta['snapshot.json'].version;
  const snapshot = Snapshot.fromJSON({ ...read(`metadata/${before}.snapshot.json`), version: before + 1 });
  snapshot.meta['targets.json'] = put(`${version}.targets.json`, targets, version);
  const snapshotBytes = encodeSigned(snapshot, [await key('snapshot')]);
  const meta = { 'snapshot.json': put(`${before + 1}.snapshot.json`, snapshotBytes, before + 1).toJSON() };
  const next = Timestamp.fromJSON({ ...timestamp, version: timestamp.version + 1, meta });
  put('timestamp.json', encodeSigned(next, [await key('timestamp')]), next.version);
  return files;
}
