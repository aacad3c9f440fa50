/**
 * What a family of layouts is.
 * @module
 */
import type { Dice } from '../dice.js';
import type { Format, Page } from '../page.js';

/** `seen` in training, kept for `validation`, or kept for the `final` test. */
export type FamilySet = 'seen' | 'validation' | 'final';

/** A family of layouts. */
export interface Family {
  /** Unique, kebab-case. */
  readonly name: string;
  readonly set: FamilySet;
  /** Whether there are pictures in it. */
  readonly pictures: boolean;
  /** Photos needed at most, the subject included. */
  readonly photos: number;
  /** Photographed from a screen: seen at an angle. */
  readonly tilted?: boolean;
  /** @returns the page's size */
  format(dice: Dice, subjectShape: number): Format;
  /** Draws a page, with the subject whole if there is one. */
  draw(page: Page): void;
}
