/**
 * From an outcome to plain words for the person whose file it is. Pure: no page, no clock.
 *
 * The words are careful on purpose: a perceptual match is a hint and not a proof, "no known match" is not "safe", and a scan
 * that could not look says so.
 * @module
 */
import type { ListInUse, MatchSignal, Outcome } from '../outcome.js';
import { type Catalogue, type HelpWords, type WordsOverride, withWords } from './catalogue.js';
import { english } from './en.js';

/** An outcome in words. */
export interface Explanation {
  /** What happened. */
  headline: string;
  /** What that means, and what it does not mean. */
  meaning: string;
  /** What becomes of the file. */
  action: string;
  /** How much was looked at. */
  coverage: string;
  /** One for each match, with the publisher's label apart. */
  matches: { text: string; label?: string }[];
  /** The lists that were used. */
  lists: string[];
  /** What the check tells whom. */
  privacy: string;
  /** What to do about a mistake; only where the outcome has an appeal. */
  appeal?: string;
  /** Where help is; empty but for a match. */
  help: readonly HelpWords[];
}

/** How to explain. */
export interface ExplainOptions {
  /** Default: {@link english}. */
  catalogue?: Catalogue;
  /** Words of the host's own, each in place of the catalogue's. */
  words?: WordsOverride;
}

const STRONGEST_FIRST: readonly MatchSignal[] = ['exact', 'exact-weak', 'perceptual'];

/**
 * @param outcome - what the scan found
 * @param options - language, and words of the host's own
 * @returns the outcome in words
 * @throws TypeError for a key that no catalogue has
 * @example
 * ```ts
 * const { headline, meaning, appeal } = explain(outcome, { words: { actions: { block: 'We did not send it.' } } });
 * ```
 */
export function explain(outcome: Outcome, { catalogue = english, words }: ExplainOptions = {}): Explanation {
  const say = words === undefined ? catalogue : withWords(catalogue, words);
  const { verdict, reason, matches, lists, appeal } = outcome;
  const strongest = STRONGEST_FIRST.find((signal) => matches.some((match) => match.signal === signal));
  const topic = verdict === 'match' && strongest !== undefined ? strongest : verdict;
  return {
    headline: say.headlines[topic === 'match' ? 'inconclusive' : topic],
    meaning:
      topic === 'match' || topic === 'inconclusive'
        ? reason === undefined
          ? ''
          : say.reasons[reason]
        : say.meanings[topic],
    action: say.actions[outcome.action],
    coverage: coverageWords(outcome, say),
    matches: matches.map(({ list, signal, label }) => ({
      text: `${list}: ${say.signals[signal]}`,
      ...(label ? { label } : {}),
    })),
    lists: lists.map((list) => listWords(list, say)),
    privacy: say.privacy,
    ...(appeal !== undefined && { appeal: fill(say.appeal, { appeal }) }),
    help: verdict === 'match' ? say.help : [],
  };
}

function coverageWords({ coverage: { complete, notes, video, finder } }: Outcome, say: Catalogue): string {
  const said = notes.map((note) => say.notes[note]);
  // Where a note says which part was not looked at, there is no need to say that there was one.
  if (complete !== 'partial' || said.length === 0) said.unshift(say.coverage[complete]);
  if (video !== undefined && video.frames > 0) {
    const { frames, seconds } = video;
    said.push(fill(say.video, { frames: String(frames), seconds: String(seconds) }));
  }
  if (finder !== undefined) said.push(say.finder[finder]);
  return said.join(' ');
}

const UNITS: readonly (readonly [seconds: number, unit: Intl.RelativeTimeFormatUnit])[] = [
  [365 * 86_400, 'year'],
  [30 * 86_400, 'month'],
  [86_400, 'day'],
  [3_600, 'hour'],
  [60, 'minute'],
];

/**
 * @param list - a list that a scan used
 * @param catalogue - the language
 * @returns its name, version and age, as "Name, version 3, built 2 days ago"
 */
export function listWords({ name, version, ageSeconds }: ListInUse, catalogue: Catalogue = english): string {
  return fill(catalogue.list, { name, version: String(version), age: ageWords(ageSeconds, catalogue) });
}

/**
 * @param seconds - 0 or more
 * @param catalogue - the language
 * @returns the age in the largest whole unit, as "3 days ago"
 */
export function ageWords(seconds: number, catalogue: Catalogue = english): string {
  const unit = UNITS.find(([unitSeconds]) => seconds >= unitSeconds);
  if (unit === undefined) return catalogue.justNow;
  const format = new Intl.RelativeTimeFormat(catalogue.language, { numeric: 'always' });
  return format.format(-Math.floor(seconds / unit[0]), unit[1]);
}

/** Once over the text: what is put in is never looked through for placeholders. */
function fill(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
}
