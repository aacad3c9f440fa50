/**
 * Text that says nothing: the layouts need lines of about the right length.
 * @module
 */
import type { Dice } from './dice.js';
import { textWidth } from './drawing.js';

const LATIN =
  'the a we you me and not so yes no see look this that here there today later lunch train street market garden ' +
  'window bring find ask call send photo colour number water coffee weather river mountain holiday shoes jacket ' +
  'blue green seven twelve morning evening tomorrow thanks please maybe really wonderful quick small little long ' +
  'schön Straße heute über Grüße où été déjà très mañana niño gracias você não amanhã żółty później běží';
const CYRILLIC =
  'привет сегодня завтра фото магазин улица вода хорошо очень красиво спасибо где когда поезд новый дом';
const GREEK = 'καλημέρα σήμερα αύριο φωτογραφία δρόμος νερό πολύ ωραία ευχαριστώ που τρένο νέο σπίτι';

const VOCABULARIES = [LATIN, LATIN, LATIN, LATIN, CYRILLIC, GREEK].map((words) => words.split(' '));

/** Families that Debian's packages bring (fonts.ts); where one is missing, the machine's default steps in. */
export const FONTS = [
  'DejaVu Sans',
  'DejaVu Sans Condensed',
  'Liberation Sans',
  'Noto Sans',
  'Open Sans',
  'Roboto',
  'Lato',
] as const;

/** For documents, slides and memes. */
export const SERIF_FONTS = ['DejaVu Serif', 'Liberation Serif', 'Noto Serif'] as const;

/** Speaks one language for the length of a composition. */
export class Writer {
  readonly #dice: Dice;
  readonly #vocabulary: readonly string[];

  /** @param dice - chooses language and words */
  constructor(dice: Dice) {
    this.#dice = dice;
    this.#vocabulary = dice.one(VOCABULARIES);
  }

  /** @returns so many words, the first with a capital */
  words(count: number): string {
    const words = Array.from({ length: count }, () => this.#dice.one(this.#vocabulary)).join(' ');
    return words.charAt(0).toUpperCase() + words.slice(1);
  }

  /** @returns words that about fill a line */
  line(width: number, size: number): string {
    let line = this.words(1);
    for (;;) {
      const longer = `${line} ${this.#dice.one(this.#vocabulary)}`;
      if (textWidth(longer, size) > width) return line;
      line = longer;
    }
  }

  /** @returns one or two words like a person's name */
  name(): string {
    const part = () => this.words(1);
    return this.#dice.chance(0.5) ? part() : `${part()} ${part()}`;
  }

  /** @returns a time of day */
  clock(): string {
    return `${this.#dice.whole(0, 23)}:${String(this.#dice.whole(0, 59)).padStart(2, '0')}`;
  }
}
