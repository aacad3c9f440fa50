/**
 * Makes a signed list of harmless photos with the command line `presieve`, as a publisher would. One organisation signs
 * here; real lists should need several (docs/list-repository.md of the package).
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Files of the demo's gallery that are listed. */
const LISTED = ['boats.jpg', 'airplane.jpg', 'acanthus.jpg', 'allium.jpg', 'hills.jpg'];

/**
 * @param {string} folder - `lists` below it is what a web server would serve
 * @param {string} photos - folder of the photos
 * @returns {string} root metadata, as JSON: what the app ships and trusts
 */
export function makeLists(folder, photos) {
  const manifest = createRequire(import.meta.url).resolve('presieve/package.json');
  const cli = join(dirname(manifest), JSON.parse(readFileSync(manifest, 'utf8')).bin.presieve);
  const at = (name) => join(folder, 'publisher', name);
  const presieve = (...args) => execFileSync(process.execPath, [cli, ...args], { encoding: 'utf8' });
  for (const made of ['publisher', 'lists']) rmSync(join(folder, made), { recursive: true, force: true });
  mkdirSync(at('.'), { recursive: true });

  const hashes = presieve('hash', '--json', ...LISTED.map((name) => join(photos, name)))
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
  const inputs = ['pdq', 'sha256'].flatMap((signal) => {
    writeFileSync(at(signal), `${hashes.map((hash) => hash[signal]).join('\n')}\n`);
    return [`--${signal}`, at(signal)];
  });
  for (const name of ['hotline', 'snapshot', 'timestamp']) presieve('keygen', '--out', at(`${name}.key`));
  const sign = (role, ...more) =>
    presieve('repo', 'sign', at('repository'), '--role', role, '--key', at('hotline.key'), ...more);
  presieve(
    ...['repo', 'init', at('repository'), '--name', 'photos', '--org', `hotline=${at('hotline.key.pub')}`],
    ...['--threshold', '1', '--timestamp-days', '30', '--snapshot-days', '30'],
    ...['--snapshot-key', at('snapshot.key.pub'), '--timestamp-key', at('timestamp.key.pub')],
  );
  sign('root');
  presieve('build', '--name', 'photos', '--list-version', '1', '--out', at('1.snapshot'), ...inputs);
  presieve('repo', 'add', at('repository'), at('1.snapshot'));
  sign('targets', ...inputs);
  presieve(
    ...['repo', 'publish', at('repository'), join(folder, 'lists')],
    ...['--key', at('snapshot.key'), '--key', at('timestamp.key')],
  );
  return readFileSync(join(folder, 'lists/metadata/1.root.json'), 'utf8');
}
