/**
 * What an urgent role may do without the others (docs/list-repository.md, section 6): add a few entries, for two days.
 * @module
 */
import { TrustError } from './errors.js';
import type { TrustLimits } from './limits.js';
import type { UrgentOffer } from './list-targets.js';

const HOUR_MS = 3_600_000;

/** Since when a client uses urgent lists that nobody else approved. */
export interface UrgentMemory {
  /** Version of the ordinary role's targets metadata at that time. */
  readonly targetsVersion: number;
  /** Milliseconds since 1970. */
  readonly since: number;
}

/**
 * Checks an urgent list's metadata.
 * @param offer - what the urgent role lists
 * @param targetsVersion - version of the metadata of the role that has the ordinary list
 * @param memory - kept from earlier updates
 * @param now - milliseconds since 1970
 * @param limits - clock skew
 * @returns the time at which the list has to be dropped (undefined: approved, while it is listed), and what to remember
 * @throws TrustError `urgent-cap` or `urgent-expired`
 */
export function checkUrgent(
  { snapshot, rule }: UrgentOffer,
  targetsVersion: number,
  memory: UrgentMemory | undefined,
  now: number,
  limits: Pick<TrustLimits, 'maxClockSkewMs'>,
): { until: number | undefined; memory: UrgentMemory | undefined } {
  // 6.5: signed by the threshold of the ordinary role.
  if (rule === undefined) return { until: undefined, memory };
  const { path, facts } = snapshot;
  const created = facts.created * 1000;
  const until = facts.urgentUntil! * 1000;
  // 6.2
  if (facts.entries > rule.maxEntries)
    throw new TrustError('urgent-cap', `"${path}" has ${facts.entries} entries, over ${rule.maxEntries}`);
  // 6.3
  if (until - created > rule.maxHours * HOUR_MS)
    throw new TrustError('urgent-expired', `"${path}" asks for more than ${rule.maxHours} hours`);
  if (created > now + limits.maxClockSkewMs)
    throw new TrustError('urgent-expired', `"${path}" was made in the future`);
  if (until <= now) throw new TrustError('urgent-expired', `"${path}" is past its hours`);
  // 6.4: renewing it under other names does not prolong it; only a new version by the others does.
  const current = memory?.targetsVersion === targetsVersion ? memory : { targetsVersion, since: now };
  const end = current.since + rule.maxHours * HOUR_MS;
  if (end <= now) {
    throw new TrustError(
      'urgent-expired',
      `"${path}" comes ${rule.maxHours} hours after the first urgent list that nobody else approved`,
    );
  }
  return { until: Math.min(until, end), memory: current };
}
