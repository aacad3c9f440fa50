/**
 * From an outcome to plain words. Pure: no page, no clock.
 *
 * The words are careful on purpose. A perceptual match is a hint and not a proof, "no known match" is not
 * "safe", and a scan that could not look says so.
 * @module
 */
import type { Action, Outcome } from 'presieve';
import { explain } from 'presieve/words';

/** How a result is coloured. There is no "good": a list can't say that a file is fine. */
export type Tone = 'match' | 'none' | 'unsure';

/** One match, in words. */
export interface MatchWords {
  text: string;
  /** The publisher's label, shown only on demand. */
  label?: string;
}

/** One list, in words. */
export interface ListWords {
  text: string;
  demo: boolean;
}

/** An outcome, in words. */
export interface OutcomeWords {
  tone: Tone;
  /** Two or three words, for a badge. */
  badge: string;
  headline: string;
  /** What the headline means and what it does not mean. */
  meaning: string;
  matches: MatchWords[];
  action: string;
  coverage: string;
  lists: ListWords[];
}

const ACTION_WORDS: Record<Action, string> = {
  block: 'Block: an app with these settings would not upload this file.',
  ask: 'Ask: an app with these settings would stop and ask before an upload.',
  allow: 'Allow: an app with these settings would go on with the upload.',
};

/**
 * @param outcome - what the scan found
 * @returns the outcome in words
 */
export function outcomeWords(outcome: Outcome): OutcomeWords {
  const { headline, meaning, matches, action, coverage, lists } = explain(outcome, {
    words: { actions: ACTION_WORDS },
  });
  return {
    ...badgeOf(outcome),
    headline,
    meaning,
    matches,
    action,
    coverage,
    lists: lists.map((text, i) => ({ text, demo: outcome.lists[i].demo === true })),
  };
}

function badgeOf({ verdict, matches }: Outcome): Pick<OutcomeWords, 'tone' | 'badge'> {
  if (verdict === 'match' && matches.length > 0) {
    const onlyAlike = matches.every(({ signal }) => signal === 'perceptual');
    return { tone: 'match', badge: onlyAlike ? 'Looks alike' : 'Match' };
  }
  if (verdict === 'no-known-match') return { tone: 'none', badge: 'No known match' };
  return { tone: 'unsure', badge: 'No answer' };
}

/**
 * @param bytes - size of a file
 * @returns the size with a decimal unit, as "12 KB"
 */
export function sizeWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} ${bytes === 1 ? 'byte' : 'bytes'}`;
  const units = ['KB', 'MB', 'GB'];
  let value = bytes / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
}

/** Requests seen so far. */
export interface RequestCounts {
  page: number;
  /** Null until the worker's own counter has reported. */
  worker: number | null;
  /** Times that the worker's code was loaded anew, after a scan that was cancelled or got lost. */
  workerReloads: number;
}

/**
 * @param counts - requests seen in the page and in the worker
 * @returns the line under the page
 */
export function requestWords({ page, worker, workerReloads }: RequestCounts): string {
  const line =
    worker === null
      ? `Network requests made by these scans: ${page} (page ${page}, worker not counting yet)`
      : `Network requests made by these scans: ${page + worker} (page ${page}, worker ${worker})`;
  if (workerReloads === 0) return line;
  return `${line}; the worker’s own code was loaded again ${workerReloads === 1 ? 'once' : `${workerReloads} times`}`;
}

/**
 * @param tones - the tones of the finished results
 * @param waiting - scans that have not ended
 * @returns a summary such as "3 scanned: 1 match, 2 no known match", empty where there is nothing to say
 */
export function summaryWords(tones: readonly Tone[], waiting: number): string {
  const count = (tone: Tone) => tones.filter((each) => each === tone).length;
  const parts: string[] = [];
  if (count('match') > 0) parts.push(`${count('match')} ${count('match') === 1 ? 'match' : 'matches'}`);
  if (count('none') > 0) parts.push(`${count('none')} without a known match`);
  if (count('unsure') > 0) parts.push(`${count('unsure')} without an answer`);
  const finished = tones.length > 0 ? `${tones.length} scanned: ${parts.join(', ')}` : '';
  const open = waiting > 0 ? `${waiting} to go` : '';
  return [finished, open].filter(Boolean).join(' · ');
}
