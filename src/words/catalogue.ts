/**
 * The keys of the words: what a translation has to say, and nothing that a host could not say otherwise.
 * @module
 */
import type {
  Action,
  Coverage,
  CoverageNote,
  FinderCoverage,
  InconclusiveReason,
  MatchSignal,
} from '../outcome.js';

/** Where a person finds help. */
export interface HelpWords {
  /** For whom or what, as a sentence. */
  text: string;
  name: string;
  url: string;
}

/** Words in one language. Texts may hold the placeholders named with them, in braces. */
export interface Catalogue {
  /** BCP 47; also how ages are put into words. */
  language: string;
  /** What happened, in a few words. */
  headlines: Record<MatchSignal | 'no-known-match' | 'inconclusive', string>;
  /** What the headline means, and what it does not mean. */
  meanings: Record<MatchSignal | 'no-known-match', string>;
  /** Why there was no answer. */
  reasons: Record<InconclusiveReason, string>;
  /** How a file matched, as in "list: same file". */
  signals: Record<MatchSignal, string>;
  /** What becomes of the file. */
  actions: Record<Action, string>;
  /** How much was looked at. */
  coverage: Record<Coverage['complete'], string>;
  notes: Record<CoverageNote, string>;
  /** How much of a video was looked at: `{frames}`, `{seconds}`. */
  video: string;
  /** Whether pictures inside it were looked for. */
  finder: Record<FinderCoverage, string>;
  /** What the check tells whom. To be replaced by an app that does tell somebody. */
  privacy: string;
  /** `{appeal}`: the number. */
  appeal: string;
  /** `{name}`, `{version}`, `{age}`. */
  list: string;
  /** An age of less than a minute. */
  justNow: string;
  /** What is said of help after a match. To be replaced by what fits the app's country. */
  help: readonly HelpWords[];
}

/** Words of a host's own, each in place of the catalogue's. */
export type WordsOverride = {
  [Key in keyof Catalogue]?: Catalogue[Key] extends Record<string, string>
    ? Partial<Catalogue[Key]>
    : Catalogue[Key];
};

/**
 * @param catalogue - in some language
 * @param override - a host's own words
 * @returns the catalogue with the host's words in it
 * @throws TypeError for a key that no catalogue has, so that a misspelt one is not simply ignored
 */
export function withWords(catalogue: Catalogue, override: WordsOverride): Catalogue {
  const merged: Record<string, unknown> = { ...catalogue };
  for (const [key, value] of Object.entries(override)) {
    if (!Object.hasOwn(catalogue, key)) throw new TypeError(`"${key}" is no key of the catalogue`);
    if (value === undefined) continue;
    const before = catalogue[key as keyof Catalogue];
    if (typeof before === 'string' || Array.isArray(before)) {
      merged[key] = value;
      continue;
    }
    for (const inner of Object.keys(value))
      if (!Object.hasOwn(before, inner)) throw new TypeError(`"${key}.${inner}" is no key of the catalogue`);
    merged[key] = { ...(before as object), ...(value as object) };
  }
  return merged as unknown as Catalogue;
}
