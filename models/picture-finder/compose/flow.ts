/**
 * A scrolled column: items one below the other, with one of them fully in sight.
 * @module
 */
import type { Rect } from './drawing.js';
import type { Page } from './page.js';

/** Something in the column. */
export interface Item {
  /** In points. */
  readonly height: number;
  /** Draws it with its upper edge there; may lie partly outside. */
  draw(top: number): void;
}

/**
 * @param page - drawn on
 * @param view - what is seen of the column
 * @param main - must be seen whole, and be no higher than the view
 * @param other - makes any other item
 * @param gap - between items
 */
export function scrolled(page: Page, view: Rect, main: Item, other: () => Item, gap: number): void {
  const room = Math.max(0, view.height - main.height);
  const start = view.top + room * page.dice.between(0, 1);
  main.draw(start);
  const bottom = view.top + view.height;
  for (let top = start + main.height + gap; top < bottom; ) {
    const item = other();
    item.draw(top);
    top += item.height + gap;
  }
  for (let end = start - gap; end > view.top; ) {
    const item = other();
    item.draw(end - item.height);
    end -= item.height + gap;
  }
}
