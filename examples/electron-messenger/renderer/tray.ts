/**
 * The attachments of the message that is being written: each is scanned as soon as it is attached, and the message
 * can go once each is decided. No page here, only state.
 * @module
 */
import type { Outcome, Scanner } from 'presieve';
import { type Words, wordsFor } from './words.js';

/** What becomes of an attachment. */
export type Fate = 'checking' | 'clear' | 'ask' | 'blocked';

/** One attached file. */
export interface Attachment {
  readonly id: number;
  readonly file: File;
  fate: Fate;
  /** 0 to 1 while it is checked. */
  fraction: number;
  words: Words | undefined;
  readonly stop: AbortController;
}

const FATES = { allow: 'clear', ask: 'ask', block: 'blocked' } as const;

/** See the module. */
export class Tray {
  readonly attachments: Attachment[] = [];
  readonly #scanner: Pick<Scanner, 'scan'>;
  readonly #onChange: () => void;
  #nextId = 0;

  /**
   * @param scanner - scans what is attached, one file after the other
   * @param onChange - told of every change
   */
  constructor(scanner: Pick<Scanner, 'scan'>, onChange: () => void) {
    this.#scanner = scanner;
    this.#onChange = onChange;
  }

  /** Attaches files and has them scanned. */
  add(files: Iterable<File>): void {
    for (const file of files) {
      const attachment: Attachment = {
        id: this.#nextId++,
        file,
        fate: 'checking',
        fraction: 0,
        words: undefined,
        stop: new AbortController(),
      };
      this.attachments.push(attachment);
      void this.#scan(attachment);
    }
    this.#onChange();
  }

  /** Takes an attachment away; a scan of it ends. */
  remove(id: number): void {
    const at = this.attachments.findIndex((attachment) => attachment.id === id);
    if (at < 0) return;
    this.attachments.splice(at, 1)[0].stop.abort();
    this.#onChange();
  }

  /** The person was asked and wants it sent. Nothing that is blocked can be. */
  sendAnyway(id: number): void {
    const attachment = this.attachments.find((each) => each.id === id);
    if (attachment?.fate !== 'ask') return;
    attachment.fate = 'clear';
    attachment.words = { state: 'Will be sent', meaning: '' };
    this.#onChange();
  }

  /** True once no attachment is being checked or waits for an answer. */
  get decided(): boolean {
    return this.attachments.every(({ fate }) => fate === 'clear' || fate === 'blocked');
  }

  /** Takes out what may be sent. @throws Error if not all is decided */
  takeClear(): File[] {
    if (!this.decided) throw new Error('an attachment is not decided yet');
    const clear = this.attachments.filter(({ fate }) => fate === 'clear');
    for (const attachment of clear) this.attachments.splice(this.attachments.indexOf(attachment), 1);
    this.#onChange();
    return clear.map(({ file }) => file);
  }

  async #scan(attachment: Attachment): Promise<void> {
    let outcome: Outcome | undefined;
    try {
      outcome = await this.#scanner.scan(attachment.file, {
        signal: attachment.stop.signal,
        onProgress: ({ fraction }) => {
          attachment.fraction = fraction;
          this.#onChange();
        },
      });
    } catch (error) {
      // The scanner could not be set up. A file that was not looked at is never sent by itself.
      console.error(error);
    }
    attachment.fate = outcome === undefined ? 'ask' : FATES[outcome.action];
    attachment.words =
      outcome === undefined
        ? { state: 'Could not be checked: send it?', meaning: 'The check can’t run on this device.' }
        : wordsFor(outcome);
    this.#onChange();
  }
}
