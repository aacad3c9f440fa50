/**
 * Which targets make up a list (docs/list-repository.md, section 4): names, selection, and the way from one version to
 * another by deltas.
 * @module
 */
import { TrustError } from './errors.js';
import { type DelegatedRole, type ListTargetFacts, parseListCustom } from './models.js';
import { isDelegated } from './path-pattern.js';
import type { TargetFile, VisitedRole } from './updater.js';

/** A target that belongs to a list. */
export interface ListTarget extends TargetFile {
  readonly facts: ListTargetFacts;
  readonly sha256: string;
}

/** Limits of an urgent role: the least of each along its delegations (6.1). */
export interface UrgentRule {
  readonly maxEntries: number;
  readonly maxHours: number;
}

/** What one role offers for a list. */
export interface ListOffer {
  readonly snapshot: ListTarget;
  /** To any version, from any version. */
  readonly deltas: readonly ListTarget[];
  readonly role: VisitedRole;
}

/** An urgent list beside the ordinary one. */
export interface UrgentOffer extends ListOffer {
  /** Undefined where a role that is not urgent lists the same file: it is approved (6.5). */
  readonly rule: UrgentRule | undefined;
}

/** @returns the path of an ordinary version's snapshot (4.2) */
export function snapshotPath(list: string, version: number): string {
  return `${list}/${version}.snapshot`;
}

/** @returns the path of an urgent version's snapshot (4.2) */
export function urgentPath(list: string, version: number): string {
  return `${list}/urgent-${version}.snapshot`;
}

/** @returns the path of a delta (4.2) */
export function deltaPath(list: string, from: number, to: number): string {
  return `${list}/${from}-${to}.delta`;
}

/** @returns the path that roles are searched with; version 0 exists of no list (4.4) */
export function searchPath(list: string): string {
  return snapshotPath(list, 0);
}

/**
 * @param via - delegations that led to a role
 * @returns its limits if one of them is urgent
 */
export function urgentRule(via: readonly DelegatedRole[]): UrgentRule | undefined {
  const rules = via.map((role) => role['x-presieve']?.urgent).filter((rule) => rule !== undefined);
  if (rules.length === 0) return undefined;
  return {
    maxEntries: Math.min(...rules.map(({ maxEntries }) => maxEntries)),
    // 6.3: whatever a delegation says, no more than 48.
    maxHours: Math.min(48, ...rules.map(({ maxHours }) => maxHours)),
  };
}

/** What a role has of one list. */
interface ListTargets {
  readonly snapshots: ListTarget[];
  readonly urgent: ListTarget[];
  readonly deltas: ListTarget[];
}

/**
 * @param role - a visited role
 * @param list - the list's name
 * @returns targets of the list that the role is trusted with
 * @throws TrustError `format` for a target of the list whose path or digest is not what 4.2 and 4.3 ask for
 */
export function targetsOfList(role: VisitedRole, list: string): ListTargets {
  const found: ListTargets = { snapshots: [], urgent: [], deltas: [] };
  for (const [path, { length, hashes, custom }] of Object.entries(role.metadata.signed.targets)) {
    const facts = parseListCustom(custom, path);
    // 4.4: every delegation on the way has to be about this very path.
    if (facts?.list !== list || !role.via.every((delegated) => isDelegated(delegated, path))) continue;
    const { sha256 } = hashes;
    if (sha256 === undefined) throw new TrustError('format', `"${path}" has no SHA-256 in its metadata`);
    const target = { path, length, hashes, facts, sha256 };
    const { version, base, urgentUntil } = facts;
    if (base !== undefined && path === deltaPath(list, base, version) && base < version)
      found.deltas.push(target);
    else if (base === undefined && urgentUntil === undefined && path === snapshotPath(list, version))
      found.snapshots.push(target);
    else if (base === undefined && urgentUntil !== undefined && path === urgentPath(list, version))
      found.urgent.push(target);
    else throw new TrustError('format', `"${path}" is not the path of what its custom field describes`);
  }
  return found;
}

/** The offers that a search for one list came to. */
export interface ListSearch {
  base?: ListOffer;
  urgent?: UrgentOffer;
  /** Why an urgent role could not be used; it never stands in the way of the ordinary list. */
  urgentFailure?: unknown;
}

/**
 * Searches roles for a list (4.4): the first role that is not urgent and has it gives the ordinary list; of the first
 * urgent role that has it, and of that ordinary role, the higher urgent version counts.
 * @param rolesFor - the updater's search
 * @param list - the list's name
 * @returns what was found
 * @throws TrustError
 */
export async function findList(
  rolesFor: (
    path: string,
    onFailure: (error: unknown, via: readonly DelegatedRole[]) => void,
  ) => AsyncIterable<VisitedRole>,
  list: string,
): Promise<ListSearch> {
  const search: ListSearch = {};
  let approved: ListTarget[] = [];
  const onFailure = (error: unknown, via: readonly DelegatedRole[]) => {
    if (urgentRule(via) === undefined && search.base === undefined) throw error;
    if (urgentRule(via) !== undefined) search.urgentFailure ??= error;
  };
  for await (const role of rolesFor(searchPath(list), onFailure)) {
    const rule = urgentRule(role.via);
    if (rule === undefined) {
      if (search.base !== undefined) continue;
      const { snapshots, urgent, deltas } = targetsOfList(role, list);
      const snapshot = newest(snapshots);
      if (snapshot === undefined) continue;
      search.base = { snapshot, deltas, role };
      approved = urgent;
    } else if (search.urgent === undefined) {
      try {
        const snapshot = newest(targetsOfList(role, list).urgent);
        if (snapshot !== undefined) search.urgent = { snapshot, deltas: [], role, rule };
      } catch (error) {
        search.urgentFailure ??= error;
      }
    }
  }
  if (search.base === undefined) return search;
  const best = newest(approved);
  const urgent = search.urgent?.snapshot;
  // 6.5: the same file, or a newer one, under the ordinary role's threshold.
  if (best !== undefined && (urgent === undefined || urgent.facts.version <= best.facts.version)) {
    if (urgent?.facts.version === best.facts.version && urgent.sha256 !== best.sha256)
      throw new TrustError('fork', `"${best.path}" is not the same file in two roles`);
    search.urgent = { snapshot: best, deltas: [], role: search.base.role, rule: undefined };
  }
  return search;
}

function newest(targets: readonly ListTarget[]): ListTarget | undefined {
  return targets.reduce<ListTarget | undefined>(
    (best, target) => (best === undefined || target.facts.version > best.facts.version ? target : best),
    undefined,
  );
}

/**
 * The cheapest way by deltas (4.5).
 * @param deltas - deltas of the list
 * @param from - version that the client has
 * @param to - version that it wants
 * @param maxBytes - a way that costs this much or more is none
 * @returns the deltas in order of use, or undefined
 */
export function planDeltas(
  deltas: readonly ListTarget[],
  from: number,
  to: number,
  maxBytes: number,
): readonly ListTarget[] | undefined {
  const best = new Map<number, { bytes: number; way: readonly ListTarget[] }>([
    [from, { bytes: 0, way: [] }],
  ]);
  // Deltas only lead upwards, so in order of their bases every way to a base is known before it is used.
  const ordered = [...deltas].sort((a, b) => a.facts.base! - b.facts.base!);
  for (const delta of ordered) {
    const before = best.get(delta.facts.base!);
    if (before === undefined || delta.facts.version > to) continue;
    const bytes = before.bytes + delta.length;
    const known = best.get(delta.facts.version);
    if (bytes < maxBytes && (known === undefined || bytes < known.bytes))
      best.set(delta.facts.version, { bytes, way: [...before.way, delta] });
  }
  return from < to ? best.get(to)?.way : undefined;
}
