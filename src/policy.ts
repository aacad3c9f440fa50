/**
 * The host's policy: which {@link Action} an outcome asks for.
 * @module
 */
import type { Action, Outcome } from './outcome.js';

/** What the host wants done. */
export interface Policy {
  /** A digest of the file is listed. Default `block`. */
  onExactMatch: Action;
  /** Only an MD5 or SHA-1 is listed. Default: the value of `onExactMatch`. */
  onExactWeakMatch: Action;
  /** A perceptual hash is near a listed one; not a proof. Default `ask`. */
  onPerceptualMatch: Action;
  /** Nothing matched, and part of the file was not looked at. Default `ask`. */
  onPartial: Action;
  /** The scan could not give an answer. Default `ask`. */
  onInconclusive: Action;
  /**
   * What becomes of a signed list whose approval has expired. `inconclusive` (default): it is not used, and a scan that
   * finds nothing on the others is `inconclusive: list-expired`. `scan`: it is used, and the coverage has the note
   * `list-expired`.
   */
  onExpiredList: 'scan' | 'inconclusive';
}

/** The policy in force where the host sets none. */
export const DEFAULT_POLICY: Readonly<Policy> = Object.freeze({
  onExactMatch: 'block',
  onExactWeakMatch: 'block',
  onPerceptualMatch: 'ask',
  onPartial: 'ask',
  onInconclusive: 'ask',
  onExpiredList: 'inconclusive',
});

const SEVERITY: Record<Action, number> = { allow: 0, ask: 1, block: 2 };

/**
 * The action for an outcome: the most severe one that the policy gives for any of its matches.
 * @param outcome - what the scan found
 * @param policy - the host's policy
 * @returns the action
 */
export function actionFor(outcome: Omit<Outcome, 'action'>, policy: Policy): Action {
  if (outcome.verdict === 'inconclusive') return policy.onInconclusive;
  if (outcome.verdict === 'no-known-match') {
    return outcome.coverage.complete === 'partial' ? policy.onPartial : 'allow';
  }
  let action: Action = 'allow';
  for (const match of outcome.matches) {
    const wanted =
      match.signal === 'exact'
        ? policy.onExactMatch
        : match.signal === 'exact-weak'
          ? policy.onExactWeakMatch
          : policy.onPerceptualMatch;
    if (SEVERITY[wanted] > SEVERITY[action]) action = wanted;
  }
  return action;
}
