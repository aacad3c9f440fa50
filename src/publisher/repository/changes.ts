/**
 * What a new version of metadata changes, in words: a signer should know what a signature says.
 * @module
 */
import type { Metadata, Signed } from '../../trust/models.js';
import { listedTargets } from './repository.js';

/**
 * @param before - the published root; undefined for the first
 * @param next - the staged one
 * @returns lines for a person
 */
export function describeRootChanges(before: Metadata<'root'> | undefined, next: Metadata<'root'>): string[] {
  const names = {
    ...before?.signed['x-presieve']?.organisations,
    ...next.signed['x-presieve']?.organisations,
  };
  const lines: string[] = [];
  for (const role of ['root', 'targets', 'snapshot', 'timestamp'] as const) {
    const old = before?.signed.roles[role];
    const now = next.signed.roles[role];
    for (const id of now.keyids) {
      if (!old?.keyids.includes(id)) lines.push(`${role}: new key ${keyLabel(id, names)}`);
    }
    for (const id of old?.keyids ?? []) {
      if (!now.keyids.includes(id)) lines.push(`${role}: key ${keyLabel(id, names)} removed`);
    }
    if (old?.threshold !== now.threshold) {
      const was = old === undefined ? '' : `, was ${old.threshold}`;
      lines.push(`${role}: ${now.threshold} of ${now.keyids.length} keys have to sign${was}`);
    }
  }
  const chains = next.signed['x-presieve']?.chains ?? {};
  for (const [role, start] of Object.entries(before?.signed['x-presieve']?.chains ?? {})) {
    if (chains[role] !== start)
      lines.push(`${role}: its history begins anew at version ${chains[role]}: clients forget the old one`);
  }
  return lines;
}

/**
 * @param before - the published metadata; undefined for the first
 * @param next - the staged one
 * @returns lines for a person
 */
export function describeTargetsChanges(
  before: Metadata<'targets'> | undefined,
  next: Metadata<'targets'>,
): string[] {
  const lines: string[] = [];
  const old = new Map(listedTargets(before).map((target) => [target.path, target]));
  const now = new Map(listedTargets(next).map((target) => [target.path, target]));
  for (const { path, sha256, facts } of now.values()) {
    if (old.get(path)?.sha256 === sha256) continue;
    const until = facts.urgentUntil && `, until ${new Date(facts.urgentUntil * 1000).toISOString()}`;
    lines.push(`new: ${path} (${facts.entries} entries${until ?? ''}), SHA-256 ${sha256}`);
  }
  for (const path of old.keys()) if (!now.has(path)) lines.push(`no longer listed: ${path}`);
  for (const path of Object.keys(next.signed.targets))
    if (!now.has(path)) lines.push(`a file that belongs to no list: ${path}`);
  if (canonical(before?.signed.delegations) !== canonical(next.signed.delegations))
    lines.push(...describeDelegations(next.signed.delegations));
  return lines;
}

function describeDelegations(delegations: Signed<'targets'>['delegations']): string[] {
  if (delegations === undefined || delegations.roles.length === 0) return ['no delegated roles any more'];
  return delegations.roles.map(({ name, keyids, threshold, 'x-presieve': marks }) => {
    const limits = marks?.urgent
      ? `urgent: at most ${marks.urgent.maxEntries} entries for ${marks.urgent.maxHours} hours`
      : 'NOT URGENT: it may replace whole lists';
    const keys = keyids.map((id) => id.slice(0, 16)).join(', ');
    return `delegated role ${name}: ${threshold} of the keys ${keys}; ${limits}`;
  });
}

function canonical(value: unknown): string {
  return JSON.stringify(value) ?? '';
}

function keyLabel(id: string, names: Readonly<Record<string, string>>): string {
  const short = `${id.slice(0, 16)}…`;
  return Object.hasOwn(names, id) ? `${short} (${names[id]})` : short;
}
