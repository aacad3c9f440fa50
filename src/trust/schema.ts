/**
 * Shapes of TUF 1.0 metadata (specification, section 4) and of the fields that Presieve adds (docs/list-repository.md,
 * 3 to 6), for valibot. Fields that nobody knows are left out of the parsed value but stay under the signature.
 * @module
 */
import * as v from 'valibot';

const MAX_KEYS_OF_A_ROLE = 64;
const MAX_DELEGATIONS = 1024;
const TOP_LEVEL_ROLES: readonly string[] = ['root', 'timestamp', 'snapshot', 'targets'];

const Count = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const Positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));
const ShortText = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const Sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** ISO 8601 in UTC to milliseconds; a day that the month does not have is refused. */
const Time = v.pipe(
  v.string(),
  v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?Z$/),
  v.check((text) => {
    const time = Date.parse(text);
    return Number.isFinite(time) && new Date(time).toISOString().slice(0, 19) === text.slice(0, 19);
  }, 'no such time'),
  v.transform((text) => Date.parse(text)),
);

const COMMON = {
  spec_version: v.pipe(v.string(), v.regex(/^1\.\d+(\.\d+)?$/, 'unknown TUF version')),
  version: Positive,
  /** Milliseconds since 1970. */
  expires: Time,
};

const Hashes = v.object({
  sha256: v.optional(Sha256),
  sha512: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{128}$/))),
});
const FileFacts = v.object({ version: Positive, length: v.optional(Count), hashes: v.optional(Hashes) });

const Key = v.object({
  keytype: ShortText,
  scheme: ShortText,
  keyval: v.object({ public: v.pipe(v.string(), v.maxLength(16_384)) }),
});
const Keys = v.record(ShortText, Key);

const ROLE = {
  keyids: v.pipe(
    v.array(ShortText),
    v.maxLength(MAX_KEYS_OF_A_ROLE),
    v.check((ids) => new Set(ids).size === ids.length, 'a key id is repeated'),
  ),
  threshold: Positive,
};
const Role = v.object(ROLE);

/** Link to an older version of the same targets role (5.2). */
const Link = v.object({ version: Positive, sha256: Sha256 });

/** A role's name is part of a file's name. */
const RoleName = v.pipe(
  ShortText,
  v.check((name) => !TOP_LEVEL_ROLES.includes(name), 'a delegated role has the name of a top-level role'),
);

const DelegatedRole = v.pipe(
  v.object({
    ...ROLE,
    name: RoleName,
    terminating: v.boolean(),
    paths: v.optional(v.array(v.pipe(v.string(), v.maxLength(1024)))),
    path_hash_prefixes: v.optional(v.array(v.pipe(v.string(), v.regex(/^[0-9a-f]{0,64}$/)))),
    'x-presieve': v.optional(
      v.object({ urgent: v.optional(v.object({ maxEntries: Positive, maxHours: Positive })) }),
    ),
  }),
  v.check((role) => (role.paths === undefined) !== (role.path_hash_prefixes === undefined), 'paths'),
);

/** The `signed` part of each kind of metadata. */
export const SIGNED = {
  root: v.object({
    ...COMMON,
    _type: v.literal('root'),
    consistent_snapshot: v.optional(v.boolean(), false),
    keys: Keys,
    roles: v.object({ root: Role, timestamp: Role, snapshot: Role, targets: Role }),
    'x-presieve': v.optional(
      v.object({
        /** Names of key holders by key id (3.4). */
        organisations: v.optional(v.record(ShortText, ShortText), {}),
        /** First version of each targets role that is linked (5.1). */
        chains: v.optional(v.record(ShortText, Positive), {}),
      }),
    ),
  }),
  timestamp: v.object({
    ...COMMON,
    _type: v.literal('timestamp'),
    meta: v.object({ 'snapshot.json': FileFacts }),
    'x-presieve': v.optional(v.object({ pollSeconds: v.optional(Positive) })),
  }),
  snapshot: v.object({
    ...COMMON,
    _type: v.literal('snapshot'),
    meta: v.record(v.pipe(v.string(), v.maxLength(300)), FileFacts),
  }),
  targets: v.object({
    ...COMMON,
    _type: v.literal('targets'),
    targets: v.record(
      v.pipe(v.string(), v.maxLength(1024)),
      v.object({ length: Count, hashes: Hashes, custom: v.optional(v.unknown()) }),
    ),
    delegations: v.optional(
      v.object({
        keys: Keys,
        roles: v.optional(v.pipe(v.array(DelegatedRole), v.maxLength(MAX_DELEGATIONS)), []),
      }),
    ),
    'x-presieve': v.optional(v.object({ links: v.optional(v.pipe(v.array(Link), v.maxLength(64)), []) })),
  }),
} as const;

/** Any metadata file around its `signed` part. */
export const Envelope = v.object({
  signatures: v.pipe(
    v.array(v.object({ keyid: ShortText, sig: v.pipe(v.string(), v.maxLength(16_384)) })),
    v.maxLength(256),
    v.check((list) => new Set(list.map(({ keyid }) => keyid)).size === list.length, 'a key id signs twice'),
  ),
  signed: v.unknown(),
});

/** `custom.presieve` of a target (4.3). */
export const ListCustom = v.object({
  list: v.pipe(v.string(), v.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)),
  version: v.pipe(Positive, v.maxValue(2 ** 32 - 1)),
  /** Unix time in seconds. */
  created: Count,
  /** Entries of all sections of the snapshot; of a delta's result. */
  entries: Count,
  /** Only of a delta: the version that it starts from. */
  base: v.optional(Positive),
  /** Only of an urgent list: Unix time in seconds. */
  urgentUntil: v.optional(Positive),
});
