/**
 * From an outcome to plain words. Pure: no page, no clock.
 *
 * The words are careful on purpose. A perceptual match is a hint and not a proof, "no known match" is not
 * "safe", and a scan that could not look says so.
 * @module
 */
import type { Action, CoverageNote, InconclusiveReason, ListInUse, MatchSignal, Outcome } from 'presieve';

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

const STRONGEST_FIRST: readonly MatchSignal[] = ['exact', 'exact-weak', 'perceptual'];

const MATCH_HEADLINES: Record<MatchSignal, string> = {
  exact: 'This exact file is on a list',
  'exact-weak': 'This file has the fingerprint of a listed file',
  perceptual: 'This looks like a listed picture',
};

const MATCH_MEANINGS: Record<MatchSignal, string> = {
  exact: 'Its SHA-256 digest is listed: it is the listed file, byte for byte.',
  'exact-weak':
    'Only an MD5 or SHA-1 digest is listed. Another file can be made on purpose to have the same one, so ' +
    'this is not a proof.',
  perceptual:
    'A listed picture looks the same or nearly so, perhaps resized, mirrored or edited. That is a strong ' +
    'hint, not a proof: different pictures can look alike to this comparison.',
};

const SIGNAL_WORDS: Record<MatchSignal, string> = {
  exact: 'same file',
  'exact-weak': 'same MD5 or SHA-1',
  perceptual: 'looks alike',
};

const REASON_WORDS: Record<InconclusiveReason, string> = {
  'no-list': 'No list is loaded, so there was nothing to compare it with.',
  'list-expired': 'The list is too old to be relied on.',
  unsupported:
    'This kind of file can’t be compared with the list: a video, say, or a picture type that the browser ' +
    'does not open. Its name doesn’t count, only its content does.',
  undecodable: 'The browser could not open it as a picture. It may be damaged or cut short.',
  unreadable: 'The file could not be read. It may have been moved or changed, or it is a folder.',
  'too-large': 'The file, or the picture in it, is larger than the scanner accepts.',
  'readback-blocked':
    'The browser hides or alters the pixels of pictures, as a guard against tracking, so their look could ' +
    'not be compared.',
  timeout: 'The scan took longer than it may.',
  busy: 'Too many files were waiting already.',
  'worker-lost': 'The scanner stopped unexpectedly. It starts again for the next file.',
  aborted: 'You cancelled this scan.',
};

const ACTION_WORDS: Record<Action, string> = {
  block: 'Block: an app with these settings would not upload this file.',
  ask: 'Ask: an app with these settings would stop and ask before an upload.',
  allow: 'Allow: an app with these settings would go on with the upload.',
};

const NOTE_WORDS: Record<CoverageNote, string> = {
  'low-detail': 'The picture has too little detail to compare its look.',
  'animation-cut': 'Only the first frame of the animation was compared.',
  'perceptual-unchecked': 'Its look could not be compared.',
  'not-checked': 'Nothing in it was looked at.',
  'list-expired': 'The approval of a list has expired.',
  'list-missing': 'A list has not arrived yet.',
  'frames-sampled': 'Fewer frames of the video were compared than one a second.',
  'frames-missing': 'Some frames of the video could not be decoded.',
  'part-missing': 'A part of the scanner that this file needs could not be loaded.',
};

/**
 * @param outcome - what the scan found
 * @returns the outcome in words
 */
export function outcomeWords(outcome: Outcome): OutcomeWords {
  return {
    ...verdictWords(outcome),
    matches: outcome.matches.map(({ list, signal, label }) => ({
      text: `${list}: ${SIGNAL_WORDS[signal]}`,
      ...(label ? { label } : {}),
    })),
    action: ACTION_WORDS[outcome.action],
    coverage: coverageWords(outcome),
    lists: outcome.lists.map((list) => ({ text: listWords(list), demo: list.demo === true })),
  };
}

function verdictWords(outcome: Outcome): Pick<OutcomeWords, 'tone' | 'badge' | 'headline' | 'meaning'> {
  const strongest = STRONGEST_FIRST.find((signal) =>
    outcome.matches.some((match) => match.signal === signal),
  );
  if (outcome.verdict === 'match' && strongest !== undefined) {
    return {
      tone: 'match',
      badge: strongest === 'perceptual' ? 'Looks alike' : 'Match',
      headline: MATCH_HEADLINES[strongest],
      meaning: MATCH_MEANINGS[strongest],
    };
  }
  if (outcome.verdict === 'no-known-match') {
    return {
      tone: 'none',
      badge: 'No known match',
      headline: 'Not on the list',
      meaning: 'That does not mean that it is safe: a list holds only what was reported before.',
    };
  }
  return {
    tone: 'unsure',
    badge: 'No answer',
    headline: 'The scan could not tell',
    meaning: outcome.reason === undefined ? 'No reason was given.' : REASON_WORDS[outcome.reason],
  };
}

function coverageWords({ coverage: { complete, notes } }: Outcome): string {
  const said = notes.map((note) => NOTE_WORDS[note]);
  if (complete === 'digests-only') {
    said.unshift('Compared byte for byte only: a changed copy would not be noticed.');
  } else if (complete === 'all') {
    said.unshift('Every check that this kind of file calls for was made.');
  } else if (said.length === 0) {
    said.push('Part of it was not looked at.');
  }
  return said.join(' ');
}

/**
 * @param list - a list that a scan used
 * @returns its name, version and age, as "Name, version 3, built 2 days ago"
 */
export function listWords({ name, version, ageSeconds }: ListInUse): string {
  return `${name}, version ${version}, built ${ageWords(ageSeconds)}`;
}

const AGES: readonly (readonly [seconds: number, unit: string])[] = [
  [365 * 86_400, 'year'],
  [30 * 86_400, 'month'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
];

/**
 * @param seconds - 0 or more
 * @returns "just now", or the age in the largest whole unit, as "3 days ago"
 */
export function ageWords(seconds: number): string {
  const age = AGES.find(([unitSeconds]) => seconds >= unitSeconds);
  if (age === undefined) return 'just now';
  const count = Math.floor(seconds / age[0]);
  return `${count} ${age[1]}${count === 1 ? '' : 's'} ago`;
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
