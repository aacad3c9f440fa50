/**
 * Reads answers of the NCMEC hash sharing API, version 2: `<queryResult>` documents in XML.
 *
 * An entry is known by its member, its id and whether it is an image or a video; the newest timestamp counts, in
 * whatever file it stands, so that a deletion in a later answer takes an entry of an earlier one out of the list.
 * Every answer is a document of its own; document types and entities of their own are refused.
 * @module
 */
import sax from 'sax';
import type { Signal } from '../../snapshot/types.js';
import { parseHash } from './hex.js';
import { labelProblem } from './label-parser.js';
import { LatestRecords, MAX_RECORD_HASHES, type RecordHash } from './latest-records.js';
import { ListFault, readingOf, textPieces } from './text-chunks.js';
import type { EntrySink, ListReader, Skipped } from './types.js';

const NAMESPACE = 'https://hashsharing.ncmec.org/hashsharing/v2';

/** Elements within elements; the format has six. */
export const MAX_XML_DEPTH = 32;
/** Attributes of an element; the format has two. */
export const MAX_XML_ATTRIBUTES = 64;
/** Characters of a field that is read; those of others don't count, they are not kept. */
export const MAX_XML_TEXT = 4096;

/** Fingerprints that are signals, by their element. */
const SIGNAL_OF: Readonly<Record<string, Signal>> = {
  md5: 'md5',
  sha1: 'sha1',
  sha256: 'sha256',
  pdq: 'pdq',
};
const ENTRIES = new Set(['image', 'video', 'deletedImage', 'deletedVideo']);
const TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** `strictEntities`: the five of XML, not those of HTML. */
const PARSER_OPTIONS = { xmlns: true, strictEntities: true, position: true };

/** What to leave out. */
export interface NcmecOptions {
  /**
   * Leave out whole entries that any member gave negative feedback on, whatever the fingerprint it was given on.
   * Default false.
   */
  excludeNegativeFeedback?: boolean;
}

/**
 * A reader for the answers that make up one list; they may come in any order.
 * @param options - what to leave out
 * @returns the reader; it gives its entries when it is told that there are no more files
 */
export function ncmecReader({ excludeNegativeFeedback = false }: NcmecOptions = {}): ListReader {
  const records = new LatestRecords();
  /** Answers that name a next page, and all. */
  let unfinished = 0;
  let files = 0;
  let last: EntrySink | undefined;
  return {
    signals: [],
    read: (chunks, sink) =>
      readingOf(sink, async () => {
        files++;
        last = sink;
        const reading = new NcmecReading(records, sink, excludeNegativeFeedback);
        for await (const piece of textPieces(chunks)) reading.write(piece);
        if (reading.end()) unfinished++;
      }),
    finish() {
      if (files > 0 && unfinished === files) {
        last?.note?.('every answer given names a next page: the last page seems to be missing');
      }
      unfinished = files = 0;
      records.emit();
    },
  };
}

/** An entry in the making. */
interface Draft {
  element: string;
  hashes: RecordHash[];
  id: string;
  member: string;
  time: number;
  label: string;
  negative: boolean;
  wrong: boolean;
}

/** The reading of one document. */
class NcmecReading {
  readonly #parser = sax.parser(true, PARSER_OPTIONS);
  readonly #records: LatestRecords;
  readonly #sink: EntrySink;
  readonly #number: number;
  readonly #excludeNegative: boolean;
  /** Names of the elements that are open. */
  readonly #path: string[] = [];
  #attributes = 0;
  #rootSeen = false;
  #entries = 0;
  #draft: Draft | undefined;
  /** Text of the element that is read, null where it isn't kept. */
  #text: string | null = null;
  #nextPage = false;

  constructor(records: LatestRecords, sink: EntrySink, excludeNegative: boolean) {
    this.#records = records;
    this.#sink = sink;
    this.#number = records.addSink(sink);
    this.#excludeNegative = excludeNegative;
    const parser = this.#parser;
    parser.onerror = (error) => {
      // Its first line says what; the others say where.
      this.#refuse(`is not well-formed XML: ${error.message.split('\n', 1)[0].slice(0, 100)}`);
    };
    parser.ondoctype = () => this.#refuse('has a document type, which is refused: it could define entities');
    parser.onprocessinginstruction = ({ name, body }) => this.#instruction(name, body);
    parser.onopentagstart = () => {
      this.#attributes = 0;
    };
    parser.onattribute = () => {
      if (++this.#attributes > MAX_XML_ATTRIBUTES)
        this.#refuse(`has more than ${MAX_XML_ATTRIBUTES} attributes in an element`);
    };
    parser.onopentag = (tag) => this.#open(tag as sax.QualifiedTag);
    parser.onclosetag = () => this.#close();
    parser.ontext = (text) => this.#addText(text);
    parser.oncdata = (text) => this.#addText(text);
  }

  write(text: string): void {
    this.#parser.write(text);
  }

  /** @returns true where the document names a next page */
  end(): boolean {
    this.#parser.close();
    if (!this.#rootSeen) this.#refuse('is empty');
    return this.#nextPage;
  }

  get #line(): number {
    return this.#parser.line + 1;
  }

  #refuse(message: string): never {
    throw new ListFault(this.#line, message);
  }

  #instruction(name: string, body: string): void {
    if (name.toLowerCase() !== 'xml') return;
    const encoding = /encoding\s*=\s*["']([^"']*)["']/.exec(body)?.[1] ?? 'utf-8';
    if (!/^(utf-?8|us-ascii)$/i.test(encoding)) this.#refuse('says that it is not UTF-8; save it as UTF-8');
  }

  #open({ local, uri, attributes }: sax.QualifiedTag): void {
    const path = this.#path;
    if (path.length === 0) {
      if (this.#rootSeen) this.#refuse('has a second document in it: give each answer as a file of its own');
      if (local !== 'queryResult' || (uri !== '' && uri !== NAMESPACE)) {
        this.#refuse('is no <queryResult> of NCMEC hash sharing, version 2');
      }
      this.#rootSeen = true;
    }
    if (path.length >= MAX_XML_DEPTH) this.#refuse(`has elements nested more than ${MAX_XML_DEPTH} deep`);
    if (this.#text !== null && this.#draft) this.#problem(`<${path.at(-1)}> has elements in it`);
    path.push(local);
    this.#text = null;

    const draft = this.#draft;
    if (path.length === 3) {
      if (!ENTRIES.has(local) || !['images', 'videos'].includes(path[1])) {
        if (path[1] === 'paging' && local === 'next') this.#text = '';
        return;
      }
      this.#entries++;
      this.#draft = {
        element: local,
        hashes: [],
        id: '',
        member: '',
        time: Number.NaN,
        label: '',
        negative: false,
        wrong: false,
      };
    } else if (draft && path.length === 4) {
      if (local === 'id' || local === 'timestamp' || local === 'classification') this.#text = '';
      else if (local === 'member') draft.member = attributes.id?.value.slice(0, MAX_XML_TEXT) ?? '';
    } else if (draft && path.length === 5) {
      if (path[3] === 'fingerprints') this.#fingerprint(local, attributes);
      else if (path[3] === 'feedback' && local === 'negativeFeedback') draft.negative = true;
    }
  }

  #fingerprint(name: string, attributes: sax.QualifiedTag['attributes']): void {
    const kind = name.toLowerCase();
    if (SIGNAL_OF[kind]) this.#text = '';
    else this.#sink.skipped?.(kind === 'pdna' && attributes.href === undefined ? 'photodna' : 'other-kind');
  }

  #addText(text: string): void {
    if (this.#text === null) return;
    this.#text += text;
    if (this.#text.length > MAX_XML_TEXT) {
      this.#refuse(`<${this.#path.at(-1)}> is longer than ${MAX_XML_TEXT} characters`);
    }
  }

  #close(): void {
    const path = this.#path;
    const depth = path.length;
    const name = path.pop()!;
    const text = this.#text?.trim() ?? '';
    const read = this.#text !== null;
    this.#text = null;
    if (depth === 3) {
      if (this.#draft) this.#finishEntry(this.#draft);
      else if (read && text !== '') this.#nextPage = true;
      this.#draft = undefined;
      return;
    }
    if (!read || !this.#draft || text === '') return;
    if (depth === 5) this.#addHash(this.#draft, name, text);
    else if (name === 'id') this.#draft.id = text;
    else if (name === 'timestamp') this.#draft.time = TIME.test(text) ? Date.parse(text) : Number.NaN;
    else this.#addLabel(this.#draft, text);
  }

  #addLabel(draft: Draft, text: string): void {
    const problem = labelProblem(text);
    if (problem === undefined) draft.label = text;
    else this.#problem(problem);
  }

  #addHash(draft: Draft, name: string, text: string): void {
    const signal = SIGNAL_OF[name.toLowerCase()];
    const parsed = parseHash(text, signal);
    if (parsed.problem !== undefined) this.#problem(`${name}: ${parsed.problem}`);
    else if (draft.hashes.length >= MAX_RECORD_HASHES) {
      this.#problem(`more than ${MAX_RECORD_HASHES} fingerprints`);
    } else draft.hashes.push({ signal, hash: parsed.hash });
  }

  #finishEntry(draft: Draft): void {
    const { element, id, member, time, label, hashes } = draft;
    if (id === '') this.#problem('no <id>');
    if (member === '') this.#problem("no <member> with an 'id'");
    if (Number.isNaN(time)) this.#problem('no <timestamp>, or one that is no time');
    if (draft.wrong) return;
    const video = element.endsWith('ideo');
    let gone: Skipped | undefined;
    if (element.startsWith('deleted')) gone = 'deleted';
    else if (draft.negative && this.#excludeNegative) gone = 'negative-feedback';
    const key = `${video ? 'video' : 'image'}\0${member}\0${id}`;
    const state = { time, label, line: this.#line, hashes, ...(gone === undefined ? {} : { gone }) };
    this.#records.put(key, state, this.#number);
  }

  /** Says what is wrong with the entry, without repeating what it holds. */
  #problem(message: string): void {
    if (this.#draft) this.#draft.wrong = true;
    this.#sink.problem(this.#line, `entry ${this.#entries}: ${message}`);
  }
}
