/**
 * The verdict rule: from what was owed, what ran and what was found, to the outcome.
 * @module
 */
import type {
  Coverage,
  CoverageNote,
  InconclusiveReason,
  ListInUse,
  Match,
  Outcome,
  VideoCoverage,
} from '../outcome.js';
import { actionFor, type Policy } from '../policy.js';

/** What became of a check. */
export type CheckResult =
  | { state: 'not-owed' }
  | { state: 'ran' }
  /** `partly`: some of it was done all the same. */
  | { state: 'failed'; reason: InconclusiveReason; partly?: boolean };

/** The facts that decide. */
export interface Findings {
  digests: CheckResult;
  perceptual: CheckResult;
  matches: Match[];
  notes: CoverageNote[];
  /** Set for videos that could be opened. */
  video?: VideoCoverage;
  /** Set if a list that the host asked for was not used; counts like a check that failed. */
  unusedList?: 'no-list' | 'list-expired';
}

/** What a list in use looks like from outside, before its age is known. */
export interface ListFacts {
  name: string;
  version: number;
  createdSeconds: number;
  demo: boolean;
}

/**
 * @param lists - the opened lists
 * @param nowSeconds - Unix time
 * @returns the lists as an outcome names them
 */
export function listsInUse(lists: readonly ListFacts[], nowSeconds: number): ListInUse[] {
  return lists.map(({ name, version, createdSeconds, demo }) => ({
    name,
    version,
    ageSeconds: Math.max(0, Math.floor(nowSeconds - createdSeconds)),
    ...(demo ? { demo: true as const } : {}),
  }));
}

/**
 * Any check finds the file: `match`. Else, a check that was owed and could not run, or a list that could not be
 * used: `inconclusive`. Nothing owed: `inconclusive: unsupported`. Else `no-known-match`.
 * @param findings - what ran and what was found
 * @param lists - the lists in use
 * @param policy - the host's policy
 * @returns the outcome
 */
export function decide(findings: Findings, lists: ListInUse[], policy: Policy): Outcome {
  const { digests, perceptual, matches, unusedList } = findings;
  const coverage = coverageOf(findings);
  const failed = [digests, perceptual].find((check) => check.state === 'failed');
  let base: Omit<Outcome, 'action'>;
  if (matches.length > 0) {
    base = { verdict: 'match', matches, coverage, lists };
  } else if (failed?.state === 'failed') {
    base = { verdict: 'inconclusive', matches: [], reason: failed.reason, coverage, lists };
  } else if (unusedList !== undefined) {
    base = { verdict: 'inconclusive', matches: [], reason: unusedList, coverage, lists };
  } else if (digests.state === 'not-owed' && perceptual.state === 'not-owed') {
    base = { verdict: 'inconclusive', matches: [], reason: 'unsupported', coverage, lists };
  } else {
    base = { verdict: 'no-known-match', matches: [], coverage, lists };
  }
  return { ...base, action: actionFor(base, policy) };
}

function coverageOf(findings: Findings): Coverage {
  return { ...completenessOf(findings), ...(findings.video !== undefined && { video: findings.video }) };
}

/** Notes of what was owed and not looked at. */
const PARTIAL_NOTES: readonly CoverageNote[] = [
  'animation-cut',
  'picture-cut',
  'motion-unchecked',
  'part-missing',
  'frames-sampled',
  'frames-missing',
];

function completenessOf({ digests, perceptual, notes, unusedList }: Findings): Coverage {
  const ran = hasRun(digests) || hasRun(perceptual);
  if (!ran) return { complete: 'partial', notes: ['not-checked'] };
  const all = [...notes];
  if (unusedList !== undefined) all.push(unusedList === 'no-list' ? 'list-missing' : 'list-expired');
  if (digests.state === 'failed') return { complete: 'partial', notes: all };
  if (perceptual.state === 'failed') return { complete: 'partial', notes: [...all, 'perceptual-unchecked'] };
  if (unusedList !== undefined) return { complete: 'partial', notes: all };
  if (perceptual.state === 'not-owed') return { complete: 'digests-only', notes };
  const isPartial = notes.some((note) => PARTIAL_NOTES.includes(note));
  return { complete: isPartial ? 'partial' : 'all', notes };
}

function hasRun(check: CheckResult): boolean {
  return check.state === 'ran' || (check.state === 'failed' && check.partly === true);
}

/**
 * The outcome of a scan that looked at nothing.
 * @param reason - why
 * @param lists - the lists that would have been used
 * @param policy - the host's policy
 */
export function notScanned(reason: InconclusiveReason, lists: ListInUse[], policy: Policy): Outcome {
  return {
    verdict: 'inconclusive',
    action: policy.onInconclusive,
    matches: [],
    reason,
    coverage: { complete: 'partial', notes: ['not-checked'] },
    lists,
  };
}
