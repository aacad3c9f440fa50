/**
 * What an app may know of the lists in use, and show to anyone: for comparison with what their publisher publishes.
 * @module
 */
import type { EntryInUse, ListRejection, ListSet } from './list-set.js';
import type { PartStatus } from './part-set.js';
import type { ResolvedSignedList } from './signed-lists.js';
import type { TrustFailure } from './trust/errors.js';
import type { ApprovingKey, ListStatus, RepositoryStatus } from './trust/status.js';
import type { TrustClient, UpdaterStatus } from './trust/trust-client.js';

/** One list. */
export interface ScannerListStatus {
  name: string;
  /** `plain`: given by the host as bytes, a Blob or a URL. */
  kind: 'plain' | 'signed';
  /** True if scans use it (subject to `policy.onExpiredList`); all facts below are then those of the list in use. */
  inUse: boolean;
  version?: number;
  /** Since it was made, by this device's clock. */
  ageSeconds?: number;
  /** SHA-256 of its snapshot, in hex. Of a plain list only in secure contexts (https, localhost). */
  sha256?: string;
  /** Present and true for the demo list of harmless photos. */
  demo?: true;
  /** What follows is said of signed lists only. The repository's address. */
  repository?: string;
  /** True for a small urgent addition to the ordinary list of the same name. */
  urgent?: boolean;
  /** ISO 8601. When its approval ends. */
  expires?: string;
  expired?: boolean;
  /** ISO 8601. Past it a newer list may be held back from this client. */
  freshUntil?: string;
  entries?: number;
  /** Keys that signed it, with the names of their holders. */
  approvingKeys?: ApprovingKey[];
  /** When the last update of its repository ended (ISO 8601), and what went wrong with this list. */
  lastUpdate?: { at: string; failure?: TrustFailure };
  /** `memory`: nothing outlives the page, and protection against rollback begins anew at the next start. */
  store?: RepositoryStatus['store'];
  /** Why a newer list, properly signed, is not in use. */
  rejected?: ListRejection;
}

/** All lists of a scanner. */
export interface ScannerStatus {
  /** One row at least for each list that the host asked for. */
  lists: ScannerListStatus[];
  /** What fetches the signed lists; absent where there are none. */
  updater?: UpdaterStatus;
  /** Figures and failures of each repository. */
  repositories: RepositoryStatus[];
  /** Each part that the host declared. */
  parts: PartStatus[];
}

const digests = new WeakMap<Blob, Promise<string | undefined>>();

/** @returns SHA-256 in hex, once for each Blob; undefined where the platform has no means or the Blob can't be read */
function digestOf(blob: Blob): Promise<string | undefined> {
  const known = digests.get(blob);
  if (known !== undefined) return known;
  const digest = (async () => {
    try {
      const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer()));
      return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
    } catch {
      return undefined;
    }
  })();
  digests.set(blob, digest);
  return digest;
}

/**
 * @param set - the lists in use
 * @param wanted - signed lists that the host asked for
 * @param trust - what fetches them; undefined where there are none
 * @param parts - what became of the parts
 * @param now - milliseconds since 1970
 * @returns the status. Waits for no worker
 */
export async function scannerStatus(
  set: ListSet,
  wanted: readonly ResolvedSignedList[],
  trust: TrustClient | undefined,
  parts: PartStatus[],
  now: number,
): Promise<ScannerStatus> {
  // Copies of one moment, before anything is awaited.
  const repositories = [...(trust?.statuses ?? [])];
  const updater = trust?.updater;
  const entries = set.inUse;
  const rows = entries.map((entry) => rowOf(entry, set, repositories, now));
  for (const { name, repository } of wanted) {
    const list = { name, repository, urgent: false };
    if (rows.some((row) => row.kind === 'signed' && isSame(row, list))) continue;
    rows.push({
      ...list,
      kind: 'signed',
      inUse: false,
      ...repositoryFacts(list, repositories, set.rejectionOf(list)),
    });
  }
  await Promise.all(
    entries.map(async (entry, i) => {
      const sha256 = entry.kind === 'plain' ? await digestOf(entry.snapshot) : undefined;
      if (sha256 !== undefined) rows[i].sha256 = sha256;
    }),
  );
  return { lists: rows, ...(updater !== undefined && { updater }), repositories, parts };
}

type Named = Pick<ScannerListStatus, 'name' | 'repository' | 'urgent'>;

function isSame(a: Named, b: Named): boolean {
  return a.name === b.name && a.repository === b.repository && a.urgent === b.urgent;
}

function rowOf(
  entry: EntryInUse,
  set: ListSet,
  repositories: readonly RepositoryStatus[],
  now: number,
): ScannerListStatus {
  const { info } = entry;
  const common = {
    inUse: true,
    ...(info !== undefined && {
      version: info.version,
      ageSeconds: Math.max(0, Math.floor(now / 1000 - info.createdSeconds)),
    }),
    ...(info?.demo && { demo: true as const }),
  };
  if (entry.kind === 'plain') return { name: info?.name ?? '', kind: 'plain', ...common };
  const { name, repository, urgent, version, sha256, expires, approvingKeys } = entry.list;
  const stored = repositories
    .flatMap(({ lists }) => lists)
    .find((row) => isSame(row, entry.list) && row.sha256 === sha256);
  const expired = expires <= now;
  return {
    name,
    kind: 'signed',
    ...common,
    inUse: !(urgent && expired),
    version,
    sha256,
    repository,
    urgent,
    expires: new Date(expires).toISOString(),
    expired,
    ...storedFacts(stored),
    approvingKeys: [...(stored?.approvingKeys ?? approvingKeys.map((keyId) => ({ keyId })))],
    ...repositoryFacts(entry.list, repositories, set.rejectionOf(entry.list)),
  };
}

function storedFacts(stored: ListStatus | undefined): Pick<ScannerListStatus, 'freshUntil' | 'entries'> {
  return {
    ...(stored?.freshUntil !== undefined && { freshUntil: stored.freshUntil }),
    ...(stored?.entries !== undefined && { entries: stored.entries }),
  };
}

function repositoryFacts(
  { name, repository, urgent }: { name: string; repository: string; urgent: boolean },
  repositories: readonly RepositoryStatus[],
  rejected: ListRejection | undefined,
): Pick<ScannerListStatus, 'lastUpdate' | 'store' | 'rejected'> {
  const status = repositories.find((candidate) => candidate.repository === repository);
  const last = status?.lastUpdate;
  const failure =
    last?.failure ?? last?.listFailures[name] ?? (urgent ? last?.warnings[`${name} (urgent)`] : undefined);
  return {
    ...(last !== undefined && { lastUpdate: { at: last.at, ...(failure !== undefined && { failure }) } }),
    ...(status !== undefined && { store: status.store }),
    ...(rejected !== undefined && { rejected }),
  };
}
