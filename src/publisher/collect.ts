/**
 * Reads the lists of a build into tables of entries, without what is excluded or repeated.
 * @module
 */

import { countBits } from '../kernels/pdq-degenerate.js';
import { MAX_LABELS } from '../snapshot/text.js';
import { SIGNAL_BYTES, SIGNALS, type Signal } from '../snapshot/types.js';
import { accuses } from './accusing.js';
import type { BuildOptions, ListInput } from './build.js';
import { PublisherError, systemReason } from './errors.js';
import { displayName, Findings } from './findings.js';
import { EntryTable } from './lists/entry-table.js';
import type { EntrySink, Skipped } from './lists/types.js';
import { applyQuorum } from './quorum.js';
import { type CollectedVideos, collectVideos } from './videos/collect-videos.js';

/** The entries of all lists. */
export interface Collected {
  /** By signal in the order of the format; one for each signal that a list was given of. PDQ hashes are in the order of the format. */
  readonly tables: ReadonlyMap<Signal, EntryTable>;
  /** Labels in the order of their numbers in the tables. */
  readonly labels: readonly string[];
  readonly repeated: number;
  readonly excluded: number;
  readonly heldBack: number;
  readonly belowQuorum: number;
  readonly unlabelled: number;
  /** What readers left out on purpose, and how often. */
  readonly skipped: ReadonlyMap<Skipped, number>;
  readonly accusing: Findings;
  readonly notes: readonly string[];
}

/** PDQ hashes of a list that are looked at before it is said not to look like one. */
const MIN_TELLING_HASHES = 50;

type CollectOptions = Pick<
  BuildOptions,
  'inputs' | 'videos' | 'excludes' | 'embargoes' | 'quorum' | 'strict' | 'onProgress' | 'createdSeconds'
> & {
  /** Least PDQ quality of a video's listed frame. */
  videoQuality: number;
};

/**
 * @param options - lists, exclusions, strictness
 * @returns their entries, and the videos
 * @throws PublisherError `input-unreadable`, `input-invalid`, `too-many-labels` or, if strict, `accusing-hash`
 */
export async function collect(
  options: CollectOptions,
): Promise<{ entries: Collected; videos: CollectedVideos }> {
  const problems = new Findings();
  const { excludes = [], embargoes = [], createdSeconds, onProgress } = options;
  const exclusions = await readExclusions(excludes, problems, onProgress);
  // By the list's own time, not the clock's: whoever rebuilds it leaves out the same.
  const running = embargoes.filter(({ untilSeconds }) => untilSeconds > createdSeconds);
  const embargoed = await readExclusions(running, problems, onProgress);
  const collecting = new Collecting(exclusions, embargoed, options.quorum !== undefined);
  for (const input of options.inputs) {
    await readInput(input, collecting.sinkFor(input, problems), problems, options.onProgress);
  }
  for (const reader of new Set(options.inputs.map((input) => input.reader))) reader.finish?.();
  collecting.listsRead();
  const videos = await collectVideos(options.videos ?? [], {
    quality: options.videoQuality,
    quorum: options.quorum,
    isLeftOut: (hash) => [exclusions, embargoed].some((tables) => tables.get('pdq')?.has(hash, 0)),
    problems,
    onBytes: (item, bytes, totalBytes) =>
      onProgress?.({
        step: 'reading',
        item,
        bytes,
        ...(totalBytes === undefined ? {} : { totalBytes }),
      }),
  });
  if (problems.count > 0) {
    const { first, count } = problems;
    const unreadable = first.every(({ line }) => line === 0) && count === first.length;
    throw new PublisherError(
      unreadable ? 'input-unreadable' : 'input-invalid',
      `${count === 1 ? 'a problem' : `${count} problems`} in the lists; nothing was written`,
      { findings: first, findingCount: count },
    );
  }
  if (options.quorum !== undefined) collecting.applyQuorum(options.quorum);
  const { accusing } = collecting;
  if (options.strict && accusing.count > 0) {
    const what = accusing.count === 1 ? 'a hash' : `${accusing.count} hashes`;
    throw new PublisherError('accusing-hash', `${what} would accuse the innocent; nothing was written`, {
      findings: accusing.first,
      findingCount: accusing.count,
    });
  }
  return { entries: collecting, videos };
}

/** Reads one list; a list that can't be read is a problem among others, so that all are reported. */
async function readInput(
  { source, reader }: ListInput,
  sink: EntrySink,
  problems: Findings,
  onProgress: BuildOptions['onProgress'],
): Promise<void> {
  let bytes = 0;
  const { name, bytes: totalBytes } = source;
  async function* counted() {
    for await (const chunk of source.open()) {
      bytes += chunk.length;
      onProgress?.({
        step: 'reading',
        item: name,
        bytes,
        ...(totalBytes === undefined ? {} : { totalBytes }),
      });
      yield chunk;
    }
  }
  try {
    await reader.read(counted(), sink);
  } catch (error) {
    if (!(error instanceof PublisherError) || error.code !== 'input-unreadable') throw error;
    problems.add(name, 0, systemReason(error.cause));
  }
}

async function readExclusions(
  lists: readonly ListInput[],
  problems: Findings,
  onProgress: BuildOptions['onProgress'],
): Promise<ReadonlyMap<Signal, EntryTable>> {
  const tables = new Map<Signal, EntryTable>();
  for (const input of lists) {
    const sink: EntrySink = {
      entry(signal, hash) {
        tableOf(tables, signal).add(hash, 0);
      },
      problem: (line, message) => problems.add(input.source.name, line, message),
    };
    await readInput(input, sink, problems, onProgress);
  }
  for (const reader of new Set(lists.map((input) => input.reader))) reader.finish?.();
  return tables;
}

function tableOf(tables: Map<Signal, EntryTable>, signal: Signal): EntryTable {
  let table = tables.get(signal);
  if (table === undefined) tables.set(signal, (table = new EntryTable(SIGNAL_BYTES[signal])));
  return table;
}

/** What was seen of a list's PDQ hashes. */
interface Tally {
  name: string;
  pdq: number;
  /** Those with 128 bits set. */
  balanced: number;
}

class Collecting implements Collected {
  readonly accusing = new Findings();
  readonly notes: string[] = [];
  repeated = 0;
  excluded = 0;
  heldBack = 0;
  belowQuorum = 0;
  unlabelled = 0;
  readonly skipped = new Map<Skipped, number>();
  readonly #hasQuorum: boolean;
  readonly #exclusions: ReadonlyMap<Signal, EntryTable>;
  readonly #embargoed: ReadonlyMap<Signal, EntryTable>;
  #tables = new Map<Signal, EntryTable>();
  /** The same entries by who supplied them. */
  readonly #supplied = new Map<string, Map<Signal, EntryTable>>();
  readonly #labelNumbers = new Map<string, number>();
  /** A PDQ hash in the order of the format: the bytes of its hex digits in reverse (5.1). */
  readonly #reversed = new Uint8Array(SIGNAL_BYTES.pdq);
  /** Of each list: its PDQ hashes, and those of them with 128 bits set. */
  readonly #tallies: Tally[] = [];

  constructor(
    exclusions: ReadonlyMap<Signal, EntryTable>,
    embargoed: ReadonlyMap<Signal, EntryTable>,
    hasQuorum: boolean,
  ) {
    this.#hasQuorum = hasQuorum;
    this.#exclusions = exclusions;
    this.#embargoed = embargoed;
  }

  get tables(): ReadonlyMap<Signal, EntryTable> {
    return new Map(
      SIGNALS.flatMap((signal) => {
        const table = this.#tables.get(signal);
        return table ? [[signal, table] as const] : [];
      }),
    );
  }

  get labels(): readonly string[] {
    return [...this.#labelNumbers.keys()];
  }

  sinkFor(input: ListInput, problems: Findings): EntrySink {
    const { name } = input.source;
    const tables = this.#tablesFor(input.organisation);
    for (const signal of input.reader.signals) tableOf(tables, signal);
    const tally: Tally = { name, pdq: 0, balanced: 0 };
    this.#tallies.push(tally);
    return {
      entry: (signal, hash, label, line) => this.#entry(tables, signal, hash, label, tally, line),
      problem: (line, message) => problems.add(name, line, message),
      skipped: (what) => this.skipped.set(what, (this.skipped.get(what) ?? 0) + 1),
      note: (message) => this.notes.push(`${displayName(name)}: ${message}`),
    };
  }

  /** Leaves of each organisation's entries what enough of them have. Called once, after all lists. */
  applyQuorum(quorum: number): void {
    // An empty label may come to be that nobody gave.
    const noLabel = this.#labelNumber('', '', 0);
    const agreed = applyQuorum([...this.#supplied.values()], quorum, noLabel);
    this.#tables = agreed.tables;
    this.belowQuorum = agreed.belowQuorum;
    this.unlabelled = agreed.unlabelled;
    this.#forgetUnusedLabels();
  }

  /** A label that nobody but one organisation uses shall not show in the list. */
  #forgetUnusedLabels(): void {
    const names = this.labels;
    const tables = [...this.#tables];
    this.#labelNumbers.clear();
    this.#tables = new Map();
    for (const [signal, { hashes, labels, hashBytes }] of tables) {
      const table = tableOf(this.#tables, signal);
      for (let row = 0; row < labels.length; row++) {
        const hash = hashes.subarray(row * hashBytes, (row + 1) * hashBytes);
        table.add(hash, this.#labelNumber(names[labels[row]], '', 0));
      }
    }
  }

  #tablesFor(organisation: string | undefined): Map<Signal, EntryTable> {
    if (!this.#hasQuorum || organisation === undefined) return this.#tables;
    let tables = this.#supplied.get(organisation);
    if (tables === undefined) this.#supplied.set(organisation, (tables = new Map()));
    return tables;
  }

  /** Remarks on lists that were read to their ends. */
  listsRead(): void {
    for (const { name, pdq, balanced } of this.#tallies) {
      if (pdq < MIN_TELLING_HASHES || balanced >= pdq / 2) continue;
      const percent = Math.round((100 * balanced) / pdq);
      this.notes.push(
        `${displayName(name)}: only ${percent} % of these PDQ hashes have 128 bits set, as PDQ gives them: are they SHA-256 digests?`,
      );
    }
  }

  #entry(
    tables: Map<Signal, EntryTable>,
    signal: Signal,
    hash: Uint8Array,
    label: string,
    tally: Tally,
    line: number,
  ): void {
    const file = tally.name;
    if (this.#exclusions.get(signal)?.has(hash, 0)) {
      this.excluded++;
      return;
    }
    if (this.#embargoed.get(signal)?.has(hash, 0)) {
      this.heldBack++;
      return;
    }
    const accusation = accuses(signal, hash);
    if (accusation !== undefined) this.accusing.add(file, line, accusation);
    let stored = hash;
    if (signal === 'pdq') {
      tally.pdq++;
      if (countBits(hash) === 128) tally.balanced++;
      for (let i = 0; i < 32; i++) this.#reversed[i] = hash[31 - i];
      stored = this.#reversed;
    }
    const added = tableOf(tables, signal).add(stored, this.#labelNumber(label, file, line));
    if (!added) this.repeated++;
  }

  #labelNumber(label: string, file: string, line: number): number {
    let number = this.#labelNumbers.get(label);
    if (number === undefined) {
      number = this.#labelNumbers.size;
      if (number >= MAX_LABELS) {
        throw new PublisherError(
          'too-many-labels',
          `${displayName(file)}:${line}: more than ${MAX_LABELS} different labels: labels are categories, not remarks on entries`,
        );
      }
      this.#labelNumbers.set(label, number);
    }
    return number;
  }
}
