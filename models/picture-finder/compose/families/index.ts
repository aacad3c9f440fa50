/**
 * All families of layouts, and which of them are kept for what. The final test's were written before any training.
 * @module
 */
import { DESKTOPS, type Format, PHONES } from '../page.js';
import { CHATS } from './chats.js';
import { EMPTY } from './empty.js';
import type { Family, FamilySet } from './family.js';
import { FREEFORM, OTHER_SHAPES } from './freeform.js';
import { GRIDS } from './grids.js';
import { MEMES } from './memes.js';
import { SOCIAL } from './social.js';
import { VIEWERS } from './viewers.js';
import { WINDOWS } from './windows.js';

export type { Family, FamilySet } from './family.js';

const FLAT: readonly Family[] = [
  ...CHATS,
  ...SOCIAL,
  ...GRIDS,
  ...VIEWERS,
  ...WINDOWS,
  ...MEMES,
  ...FREEFORM,
  ...EMPTY,
];

/** A screen that shows one of other families' pages, photographed at an angle. */
function photographed(
  name: string,
  set: FamilySet,
  formats: readonly Format[],
  shows: readonly string[],
): Family {
  const shown = shows.map((other) => FLAT.find((family) => family.name === other) as Family);
  return {
    name,
    set,
    pictures: true,
    photos: Math.max(...shown.map((family) => family.photos)),
    tilted: true,
    format: (dice) => dice.one(formats),
    draw: (page) => page.dice.one(shown).draw(page),
  };
}

/** Every family, with pictures and without. */
export const FAMILIES: readonly Family[] = [
  ...FLAT,
  photographed('photo-of-phone', 'seen', PHONES, [
    'chat-doodles',
    'chat-plain',
    'chat-avatars',
    'post-full-width',
    'post-card',
    'gallery',
    'viewer-plain',
  ]),
  photographed('photo-of-page', 'seen', [...PHONES, ...DESKTOPS, ...OTHER_SHAPES], ['freeform']),
  photographed('photo-of-monitor', 'final', DESKTOPS, ['mail', 'desktop']),
];

/**
 * @param set - which ones
 * @param pictures - with pictures (default) or without
 * @returns the families of a set
 */
export function familiesOf(set: FamilySet, pictures = true): Family[] {
  return FAMILIES.filter((family) => family.set === set && family.pictures === pictures);
}

/**
 * @param name - of a family
 * @returns the family
 * @throws RangeError for a name that no family has
 */
export function familyOf(name: string): Family {
  const family = FAMILIES.find((candidate) => candidate.name === name);
  if (!family)
    throw new RangeError(`'family' ${name} isn't one of ${FAMILIES.map((f) => f.name).join(', ')}`);
  return family;
}
