import { describe, expect, it } from 'vitest';
import type { Outcome } from '../../src/outcome.js';
import { ageWords, type Catalogue, english, explain, german, withWords } from '../../src/words/index.js';

const outcome = (changes: Partial<Outcome> = {}): Outcome => ({
  verdict: 'no-known-match',
  action: 'allow',
  matches: [],
  coverage: { complete: 'all', notes: [] },
  lists: [{ name: 'hotline', version: 3, ageSeconds: 2 * 86_400 }],
  ...changes,
});
const match = outcome({
  verdict: 'match',
  action: 'ask',
  matches: [
    { list: 'hotline', signal: 'perceptual', label: 'A1' },
    { list: 'other', signal: 'exact-weak' },
  ],
  appeal: 'AAAA-BBBB-CCCC',
});

/** Every text of a catalogue by its path. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]];
  return Object.entries(value as object).flatMap(([key, inner]) => texts(inner, `${path}.${key}`));
}

describe.each<[string, Catalogue]>([
  ['English', english],
  ['German', german],
])('%s', (_name, catalogue) => {
  const all = texts(catalogue);

  it('says something for every key, in its own words', () => {
    for (const [path, text] of all) expect(text.trim(), path).not.toBe('');
    for (const group of ['headlines', 'meanings', 'reasons', 'actions', 'notes', 'finder'] as const) {
      const said = Object.values(catalogue[group]);
      expect(new Set(said).size, group).toBe(said.length);
    }
  });

  it('calls no file safe, no match a proof, and nobody an offender', () => {
    const whole = all
      .filter(([path]) => path !== '.meanings.no-known-match')
      .map(([, text]) => text)
      .join('\n');
    expect(catalogue.meanings['no-known-match']).toMatch(/does not mean|heißt nicht/);
    expect(whole).not.toMatch(/\b(is|are) safe\b|\bcriminal|\boffender|\bguilty|\bperpetrator/i);
    expect(whole).not.toMatch(/\b(ist|sind) (sicher|unbedenklich)\b|\bkriminell|\bschuldig/i);
    for (const signal of ['exact-weak', 'perceptual'] as const)
      expect(catalogue.meanings[signal]).toMatch(/not a proof|kein Beweis/);
  });

  it('has the placeholders that are filled, and no others', () => {
    for (const [path, text] of all) {
      const found = [...text.matchAll(/\{(\w+)\}/g)].map((each) => each[1]).sort();
      const expected: Record<string, string[]> = {
        '.appeal': ['appeal'],
        '.list': ['age', 'name', 'version'],
        '.video': ['frames', 'seconds'],
      };
      expect(found, path).toEqual(expected[path] ?? []);
    }
  });

  it('has help by https', () => {
    expect(catalogue.help.length).toBeGreaterThan(0);
    for (const { url } of catalogue.help) expect(new URL(url).protocol).toBe('https:');
  });

  it('has the same keys as English', () => {
    const keys = (each: Catalogue) =>
      texts({ ...each, help: [] })
        .map(([path]) => path)
        .sort();
    expect(keys(catalogue)).toEqual(keys(english));
  });
});

describe('explain', () => {
  it('leads with the strongest signal, and gives appeal and help to a match', () => {
    const words = explain(match);
    expect(words.headline).toBe(english.headlines['exact-weak']);
    expect(words.matches).toEqual([
      { text: 'hotline: looks alike', label: 'A1' },
      { text: 'other: same MD5 or SHA-1' },
    ]);
    expect(words.appeal).toContain('AAAA-BBBB-CCCC');
    expect(words.help).toBe(english.help);
    expect(words.lists).toEqual(['hotline, version 3, built 2 days ago']);
  });

  it('gives neither to anything else', () => {
    const words = explain(outcome());
    expect(words).not.toHaveProperty('appeal');
    expect(words.help).toEqual([]);
  });

  it('says why there is no answer, and what was not looked at', () => {
    const words = explain(
      outcome({
        verdict: 'inconclusive',
        reason: 'undecodable',
        coverage: { complete: 'partial', notes: ['perceptual-unchecked', 'list-missing'] },
      }),
    );
    expect(words.meaning).toBe(english.reasons.undecodable);
    expect(words.coverage).toBe(`${english.notes['perceptual-unchecked']} ${english.notes['list-missing']}`);
    expect(explain(outcome({ coverage: { complete: 'partial', notes: [] } })).coverage).toBe(
      english.coverage.partial,
    );
  });

  it('says how much of a video was compared, unless that is nothing', () => {
    const video = { frames: 10, seconds: 9, codec: 'vp9' } as const;
    const said = (catalogue: Catalogue, frames = 10) =>
      explain(outcome({ coverage: { complete: 'all', notes: [], video: { ...video, frames } } }), {
        catalogue,
      }).coverage;
    expect(said(english)).toBe(`${english.coverage.all} Frames that were compared: 10, of a video of 9 s.`);
    expect(said(german)).toBe(
      `${german.coverage.all} Verglichene Einzelbilder: 10, aus einem Video von 9 s.`,
    );
    expect(said(english, 0)).toBe(english.coverage.all);
  });

  it('says whether pictures inside were looked for', () => {
    for (const finder of ['ran', 'off', 'failed'] as const) {
      const words = explain(outcome({ coverage: { complete: 'all', notes: [], finder } }));
      expect(words.coverage).toBe(`${english.coverage.all} ${english.finder[finder]}`);
    }
  });

  it('never says "not on the list" of a match without matches', () => {
    expect(explain(outcome({ verdict: 'match' })).headline).toBe(english.headlines.inconclusive);
  });

  it('takes a host’s own words, one by one', () => {
    const words = explain(match, {
      catalogue: german,
      words: { actions: { ask: 'Wir sehen nach.' }, help: [], appeal: 'Nr. {appeal}' },
    });
    expect(words.action).toBe('Wir sehen nach.');
    expect(words.appeal).toBe('Nr. AAAA-BBBB-CCCC');
    expect(words.help).toEqual([]);
    expect(words.headline).toBe(german.headlines['exact-weak']);
    expect(german.actions.ask).not.toBe('Wir sehen nach.');
  });

  it('refuses a key that no catalogue has', () => {
    expect(() => withWords(english, { notes: { 'low-details': '' } as never })).toThrow(
      '"notes.low-details"',
    );
    expect(() => withWords(english, { headline: '' } as never)).toThrow('"headline"');
  });

  it('does not fill placeholders in names', () => {
    const list = { name: '{version} {age}', version: 1, ageSeconds: 0 };
    expect(explain(outcome({ lists: [list] })).lists).toEqual(['{version} {age}, version 1, built just now']);
  });

  it('puts ages into the language', () => {
    expect(ageWords(3 * 86_400, german)).toBe('vor 3 Tagen');
    expect(ageWords(59, german)).toBe('gerade eben');
  });
});
