/**
 * Reads the hashes of one video as vPDQ writes them: its text, `frame,quality,hash,timestamp` lines, and the JSON of
 * its ThreatExchange signal type, which is an array of `"hash,quality,timestamp"` strings, and was an object of
 * `{ quality, hash, timestamp }` by frame number.
 *
 * As a stream: what is held of a file is a line, or a frame of JSON.
 * @module
 */
import { Tokenizer, TokenParser, TokenType } from '@streamparser/json';
import { parseHash } from '../lists/hex.js';
import { ListFault, textPieces } from '../lists/text-chunks.js';

/** Characters of a line, or of a frame of JSON; no real one comes near. */
export const MAX_FRAME_CHARACTERS = 4096;
/** Depth of nested values: frames within one value. */
const MAX_DEPTH = 2;

/** A frame of a video. */
export interface VpdqFrame {
  /** 32 bytes in the order of the hex digits. */
  readonly hash: Uint8Array;
  /** PDQ quality, 0 to 100. */
  readonly quality: number;
  /** Time of the frame from the beginning of the file. */
  readonly seconds: number;
}

/** Where the reader puts what it finds. */
export interface VpdqSink {
  /** @param frame - the next one in the order of time */
  frame(frame: VpdqFrame): void;
  /**
   * @param line - from 1, 0 for the whole file
   * @param message - what is wrong
   */
  problem(line: number, message: string): void;
}

/**
 * @param chunks - the file's bytes in order, cut anywhere
 * @param sink - takes frames and problems
 */
export async function readVpdq(chunks: AsyncIterable<Uint8Array>, sink: VpdqSink): Promise<void> {
  const frames = new FrameChecks(sink);
  let reading: TextReading | JsonReading | undefined;
  try {
    for await (const piece of textPieces(chunks)) {
      if (reading === undefined) {
        const start = /\S/.exec(piece)?.[0];
        reading = start === '[' || start === '{' ? new JsonReading(frames) : new TextReading(frames);
      }
      reading.write(piece);
    }
    reading?.end();
    if (!frames.any) throw new ListFault(0, 'holds no frame');
  } catch (error) {
    if (!(error instanceof ListFault)) throw error;
    sink.problem(error.line, error.message);
  }
}

/** Checks the fields of frames, and that time doesn't run back. */
class FrameChecks {
  /** Whether the file has any frame, good or bad. */
  any = false;
  readonly #sink: VpdqSink;
  #number = -1;
  #seconds = 0;

  constructor(sink: VpdqSink) {
    this.#sink = sink;
  }

  problem(line: number, message: string): void {
    this.any = true;
    this.#sink.problem(line, message);
  }

  /** @param number - of the frame, or null where the format has none */
  frame(line: number, number: string | null, hash: string, quality: string, timestamp: string): void {
    this.any = true;
    const problem = this.#take(number, hash, quality, timestamp);
    if (problem !== undefined) this.#sink.problem(line, problem);
  }

  #take(number: string | null, hash: string, quality: string, timestamp: string): string | undefined {
    if (number !== null) {
      if (!/^\d{1,10}$/.test(number)) return 'the frame number is no whole number';
      if (Number(number) <= this.#number) return 'the frame number is not above the one before';
      this.#number = Number(number);
    }
    if (!/^\d{1,3}$/.test(quality) || Number(quality) > 100)
      return 'the quality is no whole number from 0 to 100';
    const parsed = parseHash(hash, 'pdq');
    if (parsed.problem !== undefined) return parsed.problem;
    const seconds = Number(timestamp);
    if (!/^\d{1,12}(\.\d{1,12})?$/.test(timestamp)) return 'the timestamp is no number of seconds';
    if (seconds < this.#seconds) return 'the timestamp is before the one of the frame before';
    this.#seconds = seconds;
    this.#sink.frame({ hash: parsed.hash, quality: Number(quality), seconds });
    return undefined;
  }
}

/** Lines of `frame,quality,hash,timestamp`. */
class TextReading {
  readonly #frames: FrameChecks;
  #line = 1;
  #rest = '';

  constructor(frames: FrameChecks) {
    this.#frames = frames;
  }

  write(piece: string): void {
    const lines = (this.#rest + piece).split('\n');
    this.#rest = lines.pop() as string;
    for (const line of lines) this.#take(line);
    // Kept one character longer than a line may be, to be found too long at its end.
    if (this.#rest.length > MAX_FRAME_CHARACTERS) this.#rest = this.#rest.slice(0, MAX_FRAME_CHARACTERS + 1);
  }

  end(): void {
    if (this.#rest !== '') this.#take(this.#rest);
  }

  #take(text: string): void {
    const line = this.#line++;
    if (text.length > MAX_FRAME_CHARACTERS) {
      this.#frames.problem(line, `longer than ${MAX_FRAME_CHARACTERS} characters`);
      return;
    }
    const trimmed = text.trim();
    if (trimmed === '') return;
    const fields = trimmed.split(',');
    if (fields.length !== 4) {
      this.#frames.problem(
        line,
        `expected the four columns frame,quality,hash,timestamp, found ${fields.length}`,
      );
      return;
    }
    const [number, quality, hash, timestamp] = fields.map((field) => field.trim());
    this.#frames.frame(line, number, hash, quality, timestamp);
  }
}

const NO_VPDQ = "is no JSON of vPDQ: an array of 'hash,quality,timestamp' strings, or an object of frames";

/** One value: an array of strings, or an object of objects. */
class JsonReading {
  readonly #frames: FrameChecks;
  readonly #tokens = new Tokenizer();
  readonly #values = new TokenParser({ keepStack: false, paths: ['$.*'] });
  #line = 1;
  #depth = 0;
  #isArray = false;
  #done = false;
  /** Characters since the last frame. */
  #since = 0;

  constructor(frames: FrameChecks) {
    this.#frames = frames;
    this.#tokens.onError = this.#values.onError = (error) => {
      throw error instanceof ListFault ? error : new ListFault(this.#line, 'is not well-formed JSON');
    };
    this.#tokens.onToken = (token) => {
      this.#beforeToken(token.token);
      this.#values.write(token);
    };
    this.#values.onValue = ({ value, key }) => {
      this.#since = 0;
      this.#value(value, key);
    };
  }

  write(piece: string): void {
    for (let at = 0; at < piece.length; ) {
      const end = piece.indexOf('\n', at);
      const stop = end < 0 ? piece.length : end + 1;
      const text = piece.slice(at, stop);
      if (this.#done && text.trim() !== '') this.#refuse('has something behind its value');
      if (!this.#done) this.#feed(text);
      if (end >= 0) this.#line++;
      at = stop;
    }
  }

  end(): void {
    if (!this.#done) this.#refuse('ends too early');
  }

  /** In small steps: a frame too long is refused before it is held. */
  #feed(text: string): void {
    for (let at = 0; at < text.length; at += MAX_FRAME_CHARACTERS) {
      const part = text.slice(at, at + MAX_FRAME_CHARACTERS);
      if (this.#done) {
        if (part.trim() !== '') this.#refuse('has something behind its value');
        continue;
      }
      this.#since += part.length;
      if (this.#since > 2 * MAX_FRAME_CHARACTERS)
        this.#refuse(`has a frame longer than ${MAX_FRAME_CHARACTERS} characters`);
      this.#tokens.write(part);
    }
  }

  #refuse(message: string): never {
    throw new ListFault(this.#line, message);
  }

  #beforeToken(token: TokenType): void {
    switch (token) {
      case TokenType.LEFT_BRACE:
      case TokenType.LEFT_BRACKET:
        if (this.#depth === 0) this.#isArray = token === TokenType.LEFT_BRACKET;
        if (++this.#depth > MAX_DEPTH) this.#refuse(NO_VPDQ);
        break;
      case TokenType.RIGHT_BRACE:
      case TokenType.RIGHT_BRACKET:
        if (--this.#depth === 0) this.#done = true;
        break;
      default:
    }
  }

  #value(value: unknown, key: unknown): void {
    if (this.#isArray && typeof value === 'string') {
      const fields = value.split(',');
      if (fields.length === 3) this.#frames.frame(this.#line, null, fields[0], fields[1], fields[2]);
      else
        this.#frames.problem(this.#line, `expected 'hash,quality,timestamp', found ${fields.length} fields`);
      return;
    }
    if (this.#isArray || typeof value !== 'object' || value === null || Array.isArray(value))
      this.#refuse(NO_VPDQ);
    const { quality, hash, timestamp } = value as Record<string, unknown>;
    if (typeof hash !== 'string' || typeof quality !== 'number' || typeof timestamp !== 'number') {
      this.#frames.problem(this.#line, "a frame needs a 'quality', a 'hash' and a 'timestamp'");
      return;
    }
    this.#frames.frame(this.#line, String(key), hash, String(quality), String(timestamp));
  }
}
