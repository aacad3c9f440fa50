/**
 * The attack suite: name → run. No test runner, no Node: a page can import it, too. In each case the list in use stays in
 * use, nothing hangs, and an honest repository is followed again afterwards.
 * @module
 */

import { crc32c } from '../../src/snapshot/crc32c.js';
import { applyDelta } from '../../src/snapshot/delta-apply.js';
import { makeDelta } from '../../src/snapshot/delta-make.js';
import { CHECKSUM_BYTES, FIELD } from '../../src/snapshot/format.js';
import { makeList } from '../support/lists.js';
import { LIST, type Loose, type MockKey, type MockRepository } from '../support/mock-repository.js';
import type { Misbehaviour } from '../support/repository-host.js';
import {
  type AttackEnvironment,
  Client,
  check,
  codeOf,
  DAY,
  HOUR,
  IMPATIENT_LIMITS,
  Victim,
} from '../support/victim.js';

/** One attack. */
export interface AttackCase {
  readonly name: string;
  /** @throws Error if the client does not stand it */
  run(environment: AttackEnvironment): Promise<void>;
}

type Attack = (victim: Victim, repository: MockRepository) => void | Promise<void>;

/**
 * A case in which an update is refused with one of these codes, the old list stays, and all is well afterwards.
 * @param setUp - done, and followed by the client, before the attack
 * @param goesOn - what the attack published is part of the true history (a threshold signed it, or only the transfer was
 *   bad): the publisher continues from there, not from before
 * @param waits - a deadline has to pass: a short one, which only this update has
 */
function refused(
  name: string,
  codes: string,
  attack: Attack,
  { setUp, goesOn = false, waits = false }: { setUp?: Attack; goesOn?: boolean; waits?: boolean } = {},
): AttackCase {
  return withVictim(name, async (victim) => {
    await setUp?.(victim, victim.repository);
    if (setUp) await victim.client.mustUpdate();
    const honest = goesOn ? victim.repository : victim.repository.fork();
    const before = (await victim.client.list())!.sha256;
    victim.repository.setList(3);
    await attack(victim, victim.repository);
    const client = waits ? victim.newClient({ limits: IMPATIENT_LIMITS }) : victim.client;
    const report = await client.update();
    check(codes.split(' ').includes(codeOf(report)), `${codeOf(report)} instead of ${codes}`);
    check(!report.changed, 'a list was changed');
    await sameList(client, before);
    // The same after a restart.
    await sameList(victim.newClient(), before);
    const status = await client.repository.status();
    const { lastUpdate } = status;
    const told = lastUpdate?.failure?.code ?? lastUpdate?.listFailures[LIST]?.code;
    check(told === codeOf(report), `the status says ${told}`);
    // An honest publisher goes on: nothing of the attack is in the way.
    victim.host.behave();
    victim.host.files = honest.files;
    honest.now = victim.clock.now;
    for (let i = 0; i < 3; i++) {
      honest.setList(4 + i);
      honest.publish();
    }
    if (name.includes('root expires')) return;
    await victim.client.mustUpdate();
    check((await victim.client.inUse()) === '6', 'the honest list is not taken over afterwards');
  });
}

function withVictim(
  name: string,
  run: (victim: Victim, repository: MockRepository) => Promise<void>,
): AttackCase {
  return {
    name,
    async run(environment) {
      const victim = await Victim.create(environment);
      try {
        await run(victim, victim.repository);
      } finally {
        await victim.close();
      }
    },
  };
}

async function sameList(client: Client, sha256: string): Promise<void> {
  check((await client.list())?.sha256 === sha256, 'the old list is no longer in use');
}

const forget = (signed: Loose, file: string) => {
  delete signed.meta[file].length;
  delete signed.meta[file].hashes;
};

/** Rolls one role back, with the keys of all roles above it in the attacker's hands. */
const ROLLBACKS: AttackCase[] = [
  refused('rollback of the timestamp', 'rollback', (victim, repository) => {
    repository.files.set('metadata/timestamp.json', victim.before.get('metadata/timestamp.json')!);
  }),
  refused('rollback of the snapshot', 'rollback', (_victim, repository) => {
    repository.publish({
      edit: { timestamp: (signed) => (signed.meta['snapshot.json'] = { version: 1 }) },
    });
  }),
  refused(
    'rollback of a snapshot that lists the same targets',
    'rollback',
    (_victim, repository) => {
      repository.publish({
        edit: { timestamp: (signed) => (signed.meta['snapshot.json'] = { version: 2 }) },
      });
    },
    { setUp: (_victim, repository) => repository.publish({ keepVersion: ['targets', 'urgent'] }) },
  ),
  refused('rollback of the targets', 'rollback', (_victim, repository) => {
    repository.publish({ edit: { snapshot: (signed) => (signed.meta['targets.json'] = { version: 1 }) } });
  }),
  refused('rollback of a delegated role', 'rollback', (_victim, repository) => {
    repository.publish({ edit: { snapshot: (signed) => (signed.meta['urgent.json'] = { version: 1 }) } });
  }),
  refused('rollback by leaving a role out of the snapshot', 'rollback', (_victim, repository) => {
    repository.publish({
      edit: {
        snapshot: (signed) => {
          delete signed.meta['urgent.json'];
        },
      },
    });
  }),
  refused('rollback of the root', 'rollback', (_victim, repository) => {
    repository.files.set('metadata/2.root.json', repository.files.get('metadata/1.root.json')!);
  }),
  refused(
    'rollback of the list under a new targets version',
    'rollback',
    (_victim, repository) => {
      repository.setList(1);
      repository.publish();
    },
    { goesOn: true },
  ),
];

const FREEZES: AttackCase[] = [
  refused('freeze: the timestamp expires', 'expired', (victim) => {
    victim.clock.now += 2 * DAY;
  }),
  refused('freeze: the snapshot expires', 'expired', (victim, repository) => {
    repository.publish({ edit: { snapshot: expireAt(victim.clock.now) } });
  }),
  refused('freeze: the targets expire', 'expired', (victim, repository) => {
    repository.publish({ edit: { targets: expireAt(victim.clock.now) } });
  }),
  refused('freeze: the root expires', 'expired', (victim, repository) => {
    victim.wait(400 * DAY);
    repository.publish();
  }),
];

function expireAt(time: number): (signed: Loose) => void {
  return (signed) => {
    signed.expires = new Date(time).toISOString().replace('.000', '');
  };
}

const MIX_AND_MATCH: AttackCase[] = [
  refused('mix-and-match: an older snapshot under the new name', 'hash length', (_victim, repository) => {
    const old = repository.files.get('metadata/2.snapshot.json')!;
    repository.publish();
    repository.files.set('metadata/3.snapshot.json', old);
  }),
  refused(
    'mix-and-match: an older snapshot where no digest is given',
    'version-mismatch',
    (_victim, repository) => {
      const old = repository.files.get('metadata/2.snapshot.json')!;
      repository.publish({ edit: { timestamp: (signed) => forget(signed, 'snapshot.json') } });
      repository.files.set('metadata/3.snapshot.json', old);
    },
  ),
  refused('mix-and-match: older targets under the new name', 'hash length', (_victim, repository) => {
    const old = repository.files.get('metadata/2.targets.json')!;
    repository.publish();
    repository.files.set('metadata/3.targets.json', old);
  }),
  refused(
    'mix-and-match: older targets where no digest is given',
    'version-mismatch',
    (_victim, repository) => {
      const old = repository.files.get('metadata/2.targets.json')!;
      repository.publish({ edit: { snapshot: (signed) => forget(signed, 'targets.json') } });
      repository.files.set('metadata/3.targets.json', old);
    },
  ),
  refused('metadata of another role under a role’s name', 'format', (_victim, repository) => {
    repository.publish();
    repository.files.set('metadata/timestamp.json', repository.files.get('metadata/3.snapshot.json')!);
  }),
];

const SIGNATURES: AttackCase[] = [
  refused('fewer signatures than the threshold', 'threshold', (_victim, repository) => {
    repository.publish({ signers: { targets: repository.keys.targets.slice(0, 1) } });
  }),
  refused('no signature at all', 'signature', (_victim, repository) => {
    repository.publish({ signers: { targets: [] } });
  }),
  refused('signatures by strangers', 'signature', async (_victim, repository) => {
    const strangers = [await repository.createKey(), await repository.createKey()];
    repository.publish({ signers: { targets: strangers } });
  }),
  refused('a stranger’s signature under the id of a key', 'threshold', async (_victim, repository) => {
    const [one, two] = repository.keys.targets as [MockKey, MockKey];
    const stranger = await repository.createKey();
    repository.publish({ signers: { targets: [one, { ...stranger, id: two.id }] } });
  }),
  refused('keys of another role', 'signature', (_victim, repository) => {
    repository.publish({ signers: { snapshot: repository.keys.timestamp } });
  }),
  refused('the same key twice', 'format', (_victim, repository) => {
    const [one] = repository.keys.targets as [MockKey];
    repository.publish({ signers: { targets: [one, one] } });
  }),
  refused('the same key under two key ids', 'threshold', (_victim, repository) => {
    const [one] = repository.keys.targets as [MockKey];
    const alias = { ...one, id: 'ab'.repeat(32) };
    repository.keys.targets.push(alias);
    repository.rotateRoot();
    repository.publish({ signers: { targets: [one, alias] } });
  }),
  refused('the same key under two ids, its digits in capitals', 'threshold', (_victim, repository) => {
    const [one] = repository.keys.targets as [MockKey];
    const keyval = { public: one.json.keyval.public.toUpperCase() };
    const alias = { ...one, id: 'ab'.repeat(32), json: { ...one.json, keyval } };
    repository.keys.targets.push(alias);
    repository.rotateRoot();
    repository.publish({ signers: { targets: [one, alias] } });
  }),
  refused(
    'a signature by a removed key',
    'threshold',
    (victim, repository) => {
      repository.publish({ signers: { targets: [removedKeys.get(victim)!, repository.keys.targets[0]!] } });
    },
    {
      setUp: (victim, repository) => {
        removedKeys.set(victim, repository.keys.targets.pop()!);
        repository.rotateRoot();
        repository.publish();
      },
    },
  ),
  refused(
    'a timestamp by a removed key',
    'signature',
    (victim, repository) => {
      repository.publish({ signers: { timestamp: [removedKeys.get(victim)!] } });
    },
    {
      setUp: async (victim, repository) => {
        removedKeys.set(victim, repository.keys.timestamp[0]!);
        repository.keys.timestamp = [await repository.createKey()];
        repository.rotateRoot();
        repository.publish();
      },
    },
  ),
  refused('an urgent role’s key on the ordinary list', 'signature', (_victim, repository) => {
    repository.publish({ signers: { targets: repository.keys.urgent } });
  }),
];
const removedKeys = new WeakMap<Victim, MockKey>();

const ROOTS: AttackCase[] = [
  withVictim('root rotation over several versions', async (victim, repository) => {
    for (let i = 0; i < 5; i++) {
      repository.keys.root = [await repository.createKey(), await repository.createKey()];
      repository.keys.targets = [await repository.createKey(), await repository.createKey()];
      repository.keys.timestamp = [await repository.createKey()];
      repository.keys.snapshot = [await repository.createKey()];
      repository.rotateRoot();
    }
    repository.setList(3);
    repository.publish();
    await victim.client.mustUpdate();
    check((await victim.client.inUse()) === '3', 'the list under the newest root is not taken over');
  }),
  refused('a root without the old keys’ signatures', 'signature', async (_victim, repository) => {
    const keys = [await repository.createKey(), await repository.createKey()];
    repository.keys.root = keys;
    repository.rotateRoot(() => {}, { signers: { root: keys } });
    repository.publish();
  }),
  refused('a root with one of the old keys’ signatures', 'threshold', async (_victim, repository) => {
    const [old] = repository.keys.root as [MockKey];
    const keys = [await repository.createKey(), await repository.createKey()];
    repository.keys.root = keys;
    repository.rotateRoot(() => {}, { signers: { root: [...keys, old] } });
    repository.publish();
  }),
  refused('a root without its own keys’ signatures', 'signature', async (_victim, repository) => {
    const old = repository.keys.root;
    repository.keys.root = [await repository.createKey(), await repository.createKey()];
    repository.rotateRoot(() => {}, { signers: { root: old } });
    repository.publish();
  }),
  refused('a root chain with a version left out', 'version-mismatch', (_victim, repository) => {
    repository.rotateRoot();
    repository.rotateRoot();
    repository.files.set('metadata/2.root.json', repository.files.get('metadata/3.root.json')!);
  }),
  withVictim(
    'fast-forward: a huge version is left behind by rotating the key',
    async (victim, repository) => {
      const honest = repository.fork();
      // Only the timestamp's key is in the attacker's hands.
      repository.publish({
        keepVersion: ['targets', 'urgent', 'snapshot'],
        edit: { timestamp: (signed) => (signed.version = Number.MAX_SAFE_INTEGER) },
      });
      await victim.client.mustUpdate();
      victim.host.files = honest.files;
      honest.setList(3);
      honest.publish();
      check(codeOf(await victim.client.update()) === 'rollback', 'a lower version is taken over');
      honest.keys.timestamp = [await honest.createKey()];
      honest.rotateRoot();
      honest.publish();
      await victim.client.mustUpdate();
      check((await victim.client.inUse()) === '3', 'the client does not recover');
    },
  ),
];

const LIST_FILE = /^targets\/.*\.3\.snapshot$/;
const FILES: Record<string, RegExp> = {
  root: /^metadata\/2\.root\.json$/,
  timestamp: /^metadata\/timestamp\.json$/,
  snapshot: /^metadata\/3\.snapshot\.json$/,
  targets: /^metadata\/3\.targets\.json$/,
  list: LIST_FILE,
};
const MISBEHAVIOURS: [label: string, how: Misbehaviour, codes: Record<string, string>, otherwise: string][] =
  [
    ['endless data', 'endless', {}, 'too-large'],
    ['slow data', 'slow', {}, 'timeout'],
    ['no data', 'hang', {}, 'timeout'],
    ['a truncated file', 'truncated', { timestamp: 'format', root: 'format' }, 'length'],
    ['a longer file', 'longer', { timestamp: 'ok', root: 'ok' }, 'too-large'],
    ['a flipped bit', 'bit-flipped', { timestamp: 'signature format', root: 'signature format' }, 'hash'],
    [
      'a content length that is too small',
      'content-length-too-small',
      { timestamp: 'format', root: 'format' },
      'length network',
    ],
    ['a content length that is too large', 'content-length-too-large', {}, 'too-large'],
    ['HTML instead of the file', 'html', { timestamp: 'format', root: 'format' }, 'length too-large'],
    ['an error of the server', 'error', {}, 'network'],
    ['a file that is not there', 'missing', { root: 'ok' }, 'not-found'],
    ['a server that is gone', 'unreachable', {}, 'network'],
  ];

const TRANSFERS: AttackCase[] = MISBEHAVIOURS.flatMap(([label, how, codes, otherwise]) =>
  Object.entries(FILES).flatMap(([file, path]) => {
    const expected = codes[file] ?? otherwise;
    // White space after JSON, and a root that is not there, are no attack.
    if (expected === 'ok') return [];
    return refused(
      `${label}: ${file}`,
      expected,
      (victim, repository) => {
        if (file === 'root') repository.rotateRoot();
        repository.publish();
        victim.host.misbehave(path, how);
      },
      { goesOn: true, waits: how === 'slow' || how === 'hang' },
    );
  }),
);

/** What whoever can sign can do, too: put the right checksum under wrong bytes. */
function withChecksum(bytes: Uint8Array): Uint8Array {
  const end = bytes.length - CHECKSUM_BYTES;
  new DataView(bytes.buffer).setUint32(end, crc32c(bytes.subarray(0, end)), true);
  return bytes;
}

const FORMATS: AttackCase[] = [
  ...[1e300, 2 ** 53, -1, '3'].map((version) =>
    refused(`a version that is none: ${version}`, 'format', (_victim, repository) => {
      repository.publish({ edit: { timestamp: (signed) => (signed.version = version) } });
    }),
  ),
  refused('a version with a fraction', 'format', (_victim, repository) => {
    const bend = (bytes: Uint8Array) =>
      new TextEncoder().encode(new TextDecoder().decode(bytes).replace('"version":3', '"version":3.5'));
    repository.publish({ editBytes: { timestamp: bend } });
  }),
  refused(
    'a huge list version',
    'format',
    (_victim, repository) => {
      repository.targets.targets[`${LIST}/3.snapshot`].custom.presieve.version = 2 ** 40;
      repository.publish();
    },
    { goesOn: true },
  ),
  refused('deeply nested JSON', 'too-large', (_victim, repository) => {
    const nested = new TextEncoder().encode('['.repeat(8000) + ']'.repeat(8000));
    repository.publish({ editBytes: { timestamp: () => nested } });
  }),
  refused('deeply nested JSON under a signature', 'too-large', (_victim, repository) => {
    let deep: Loose = 0;
    for (let i = 0; i < 200; i++) deep = [deep];
    repository.publish({ edit: { timestamp: (signed) => (signed.deep = deep) } });
  }),
  refused('an unknown version of TUF', 'format', (_victim, repository) => {
    repository.publish({ edit: { timestamp: (signed) => (signed.spec_version = '2.0.0') } });
  }),
  refused('an expiry that is no time', 'format', (_victim, repository) => {
    repository.publish({ edit: { timestamp: (signed) => (signed.expires = '2030-02-31T00:00:00Z') } });
  }),
  refused('a threshold of zero', 'format', (_victim, repository) => {
    repository.publish({
      edit: { targets: (signed) => (signed.delegations.roles[0].threshold = 0) },
    });
  }),
  refused('bytes that are not UTF-8', 'format', (_victim, repository) => {
    repository.publish({ editBytes: { timestamp: () => Uint8Array.of(0x22, 0xff, 0xfe, 0x22) } });
  }),
  refused(
    'a target path that leaves its folder',
    'format',
    (_victim, repository) => {
      const { targets } = repository.targets;
      targets['../../3.snapshot'] = targets[`${LIST}/3.snapshot`];
      repository.publish();
    },
    { goesOn: true },
  ),
  refused(
    'a list that says another name than its metadata',
    'format',
    (_victim, repository) => {
      repository.targets.targets[`${LIST}/3.snapshot`].custom.presieve.entries++;
      repository.publish();
    },
    { goesOn: true },
  ),
  ...Object.entries({
    'no snapshot at all': () => new TextEncoder().encode('not a list'),
    'a snapshot of a newer format version': (bytes: Uint8Array) => {
      const newer = bytes.slice();
      newer[FIELD.formatVersion]!++;
      return withChecksum(newer);
    },
    'a snapshot with a damaged section': (bytes: Uint8Array) => {
      const damaged = bytes.slice();
      damaged[damaged.length - 30]! ^= 1;
      return damaged;
    },
    'a snapshot with a malformed section under a right checksum': (bytes: Uint8Array) => {
      const malformed = bytes.slice();
      malformed.fill(0xff, new DataView(malformed.buffer).getUint32(FIELD.headerLength, true), -4);
      return withChecksum(malformed);
    },
  }).map(([what, bend]) =>
    refused(
      `signed garbage: ${what}`,
      'unreadable',
      (_victim, repository) => {
        const path = `${LIST}/3.snapshot`;
        const { custom } = repository.targets.targets[path];
        repository.addFile('targets', path, bend(repository.setList(3)), custom);
        repository.publish();
      },
      { goesOn: true },
    ),
  ),
  refused(
    'no list of that name any more',
    'not-found',
    (_victim, repository) => {
      repository.targets.targets = {};
      repository.publish();
    },
    { goesOn: true },
  ),
  withVictim('a list below the app’s floor', async (victim) => {
    const client = victim.newClient({ minVersion: 5 });
    check(codeOf(await client.update()) === 'version-floor', 'a list below the floor is taken over');
    check((await client.inUse()) === '', 'a list below the floor is in use');
  }),
];

const FORKS: AttackCase[] = [
  withVictim(
    'two clients shown different lists: the next version gives it away',
    async (victim, repository) => {
      await shownDifferently(victim, repository, 1);
    },
  ),
  withVictim('two clients shown different lists: found after many versions', async (victim, repository) => {
    await shownDifferently(victim, repository, 13);
  }),
  refused('two targets files of one version', 'fork', (_victim, repository) => {
    repository.publish({ keepVersion: ['targets'] });
  }),
  refused(
    'the same list version with other bytes',
    'fork',
    (victim, repository) => {
      victim.wait(1000);
      repository.setList(2, 30);
      repository.publish();
    },
    { goesOn: true },
  ),
  refused('targets without the links of their chain', 'format', (_victim, repository) => {
    repository.publish({
      edit: {
        targets: (signed) => {
          delete signed['x-presieve'];
        },
      },
    });
  }),
  refused(
    'a chain whose older files are withheld',
    'not-found',
    (victim, repository) => {
      // The client knows 2, and 7 links to 6, 5 and 3.
      for (let i = 0; i < 5; i++) repository.publish();
      victim.host.misbehave(/^metadata\/[3-6]\.targets\.json$/, 'missing');
    },
    { goesOn: true },
  ),
  refused(
    'an older targets file of the chain was altered',
    'fork',
    (victim, repository) => {
      // The client knows 2, and 7 links to 6, 5 and 3.
      for (let i = 0; i < 5; i++) repository.publish();
      const path = 'metadata/3.targets.json';
      const text = new TextDecoder().decode(repository.files.get(path)!);
      victim.host.files = repository.copyFiles();
      victim.host.files.set(path, new TextEncoder().encode(text.replace('"entries":23', '"entries":24')));
    },
    { goesOn: true },
  ),
];

/** One client follows A; the other followed B; then the first is shown B, `later` versions on. */
async function shownDifferently(victim: Victim, repository: MockRepository, later: number): Promise<void> {
  const other = repository.fork();
  repository.setList(3, 30);
  repository.publish();
  await victim.client.mustUpdate();
  const mine = (await victim.client.list())!.sha256;
  other.setList(3, 31);
  other.publish();
  const host = await victim.environment.createHost(other.files);
  const store = await victim.environment.createStore();
  const neighbour = new Client(host, other.anchor, store, victim.clock);
  await neighbour.mustUpdate();
  check((await neighbour.list())!.sha256 !== mine, 'both are shown the same');
  for (let i = 0; i < later; i++) {
    other.setList(4 + i);
    other.publish();
  }
  victim.host.files = other.files;
  const report = await victim.client.update();
  check(codeOf(report) === 'fork', `${codeOf(report)} instead of fork`);
  await sameList(victim.client, mine);
  // The neighbour, who was shown nothing else, goes on.
  await neighbour.mustUpdate();
  store.close();
  await host.close();
}

/** A case about the urgent role: the ordinary list is updated in any case. */
function urgentRefused(name: string, code: string, attack: Attack): AttackCase {
  return withVictim(name, async (victim, repository) => {
    repository.setList(3);
    await attack(victim, repository);
    const report = await victim.client.mustUpdate();
    const warning = report.warnings[`${LIST} (urgent)`];
    check(warning?.code === code, `${warning?.code} instead of ${code}: ${warning?.message}`);
    check((await victim.client.inUse()) === '3', `in use: ${await victim.client.inUse()}`);
  });
}

const URGENT: AttackCase[] = [
  urgentRefused('an urgent list past its cap', 'urgent-cap', (_victim, repository) => {
    repository.setUrgent(1, 51);
    repository.publish();
  }),
  urgentRefused('an urgent list that lies about its entries', 'urgent-cap', (_victim, repository) => {
    repository.setUrgent(1, 60, 48, { entries: 50 });
    repository.publish();
  }),
  urgentRefused('an urgent list for more than 48 hours', 'urgent-expired', (_victim, repository) => {
    repository.setUrgent(1, 10, 49);
    repository.publish();
  }),
  urgentRefused('an urgent list past its 48 hours', 'urgent-expired', (victim, repository) => {
    repository.setUrgent(1, 10);
    victim.wait(48 * HOUR);
    repository.publish();
  }),
  urgentRefused('an urgent list made in the future', 'urgent-expired', (victim, repository) => {
    repository.now += DAY;
    repository.setUrgent(1, 10);
    repository.now = victim.clock.now;
    repository.publish();
  }),
  urgentRefused('an urgent list by strangers', 'signature', async (_victim, repository) => {
    repository.setUrgent(1, 10);
    repository.publish({ signers: { urgent: [await repository.createKey()] } });
  }),
  urgentRefused('an urgent role whose metadata expired', 'expired', (victim, repository) => {
    repository.setUrgent(1, 10);
    repository.publish({ edit: { urgent: expireAt(victim.clock.now) } });
  }),
  withVictim('an urgent list is used at once and dropped after its 48 hours', async (victim, repository) => {
    repository.setUrgent(1, 10);
    repository.publish();
    await victim.client.mustUpdate();
    check((await victim.client.inUse()) === '2 u1', 'the urgent list is not in use');
    victim.clock.now += 47 * HOUR;
    check((await victim.client.inUse()) === '2 u1', 'dropped too early');
    // Even if the repository can't be reached.
    victim.clock.now += 2 * HOUR;
    check((await victim.client.inUse()) === '2', 'still in use after 48 hours');
  }),
  withVictim('an urgent list that is renewed day by day', async (victim, repository) => {
    for (let day = 0; day < 4; day++) {
      repository.setUrgent(day + 1, 10);
      // Only what the urgent role signs is new: the targets are those of before.
      repository.publishUrgentOnly();
      const report = await victim.client.mustUpdate();
      const code = report.warnings[`${LIST} (urgent)`]?.code;
      check(code === (day < 2 ? undefined : 'urgent-expired'), `day ${day}: ${code}`);
      victim.wait(DAY);
    }
    check((await victim.client.inUse()) === '2', 'in use after its hours');
  }),
  withVictim('an urgent list that the others approve lives on', async (victim, repository) => {
    repository.setUrgent(1, 10);
    repository.publish();
    await victim.client.mustUpdate();
    const path = `${LIST}/urgent-1.snapshot`;
    repository.targets.targets[path] = repository.urgent.targets[path];
    victim.wait(72 * HOUR);
    repository.publish();
    await victim.client.mustUpdate();
    check((await victim.client.inUse()) === '2 u1', 'the approved list is not in use');
  }),
  withVictim('an urgent role that lists an ordinary version', async (victim, repository) => {
    repository.addTarget('urgent', `${LIST}/9.snapshot`, 9, 5);
    repository.publish();
    await victim.client.mustUpdate();
    check((await victim.client.inUse()) === '2', 'the urgent role replaced the ordinary list');
  }),
  withVictim('an urgent role that lists another list', async (victim, repository) => {
    repository.addTarget('urgent', 'other/urgent-1.snapshot', 1, 5, { list: 'other', urgentUntil: 2e9 });
    repository.publish();
    await victim.client.mustUpdate();
    check((await victim.client.inUse()) === '2', 'a list of another name is in use');
  }),
];

/** The list as it grows: the same parameters in all versions, so that there are deltas. */
const grown = (version: number, entries: number) =>
  makeList({ name: LIST, version, pdqDecoys: entries, capacity: 4096 });

/** Publishes a version of {@link grown} with a delta from the one before, whatever that delta is. */
function publishDelta(
  repository: MockRepository,
  bytes: Uint8Array,
  version: number,
  delta?: Uint8Array,
): void {
  const facts = { list: LIST, version, created: 1_700_000_000, entries: ENTRIES[version] };
  repository.targets.targets = {};
  repository.addFile('targets', `${LIST}/${version}.snapshot`, bytes, { presieve: facts });
  if (delta !== undefined) {
    const presieve = { ...facts, base: version - 1 };
    repository.addFile('targets', `${LIST}/${version - 1}-${version}.delta`, delta, { presieve });
  }
  repository.publish();
}

/** Entries of {@link grown} by version. */
const ENTRIES: Record<number, number> = { 3: 400, 4: 410, 5: 380, 6: 395 };

/**
 * A delta that was signed, and so is the result, but the one does not lead to the other: the publisher erred, or a threshold
 * of signers did not look. The delta is refused and said, and the signed list comes whole.
 */
function deltaRefused(
  name: string,
  message: RegExp,
  bend: (delta: Uint8Array, files: Record<number, Uint8Array>) => Uint8Array,
): AttackCase {
  return withVictim(name, async (victim, repository) => {
    const files: Record<number, Uint8Array> = {};
    for (const version of [3, 4, 5, 6]) files[version] = grown(version, ENTRIES[version]!);
    const client = victim.newClient({ applyDelta });
    publishDelta(repository, files[3]!, 3);
    await client.mustUpdate();
    const before = (await client.list())!.sha256;
    const delta = bend(makeDelta(files[3]!, files[4]!), files);
    publishDelta(repository, files[4]!, 4, delta);

    // With the whole list out of reach, the old one stays.
    victim.host.misbehave(/\.4\.snapshot$/, 'missing');
    const refusal = await client.update();
    check(codeOf(refusal) === 'not-found', `${codeOf(refusal)} instead of not-found`);
    check(!refusal.changed, 'a list was changed');
    await sameList(victim.newClient(), before);

    victim.host.behave();
    const report = await client.mustUpdate();
    const warning = report.warnings[`${LIST} (delta)`];
    check(
      warning?.code === 'delta' || warning?.code === 'hash' || warning?.code === 'length',
      'nothing is said',
    );
    check(message.test(warning.message), `it is said: ${warning.message}`);
    check(report.state.statistics.deltasApplied === 0, 'the delta counts as applied');
    check((await client.list())!.sha256 === repository.sha256(files[4]!), 'another list is in use');

    // The next delta is sound, and is taken.
    publishDelta(repository, files[5]!, 5, makeDelta(files[4]!, files[5]!));
    victim.host.requests.length = 0;
    const next = await client.mustUpdate();
    check(next.state.statistics.deltasApplied === 1, 'the sound delta is not applied');
    check(!victim.host.requests.some((path) => path.endsWith('.snapshot')), 'the list was fetched whole');
    check((await client.list())!.sha256 === repository.sha256(files[5]!), 'another list is in use');
  });
}

const DELTAS: AttackCase[] = [
  deltaRefused('a delta for the wrong base', /^the base has /, (_delta, files) =>
    makeDelta(files[5]!, files[6]!),
  ),
  deltaRefused('a delta for a base of the same version', /the base (is another|has)/, (_delta, files) =>
    makeDelta(grown(3, 390), files[4]!),
  ),
  deltaRefused('a delta to another list than the one signed', /./, (_delta, files) =>
    makeDelta(files[3]!, grown(4, 409)),
  ),
  deltaRefused('a delta with a flipped bit, signed so', /checksum/, (delta) => {
    const bytes = delta.slice();
    bytes[100]! ^= 4;
    return bytes;
  }),
  deltaRefused('a truncated delta, signed so', /should have/, (delta) => delta.slice(0, -1)),
  deltaRefused('a snapshot in place of a delta', /begins like this/, (_delta, files) =>
    files[4]!.slice(0, -1),
  ),
];

/** All cases. Names are unique. */
export const ATTACKS: readonly AttackCase[] = [
  ...ROLLBACKS,
  ...FREEZES,
  ...MIX_AND_MATCH,
  ...SIGNATURES,
  ...ROOTS,
  ...TRANSFERS,
  ...FORMATS,
  ...FORKS,
  ...URGENT,
  ...DELTAS,
];
