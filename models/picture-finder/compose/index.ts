/**
 * Compositions: photos in the layouts that people send, with exact boxes. For training the picture finder, for
 * measuring it, and for samples.
 * @module
 */
export { type ComposeOptions, type Composition, compose, type PictureBox } from './compose.js';
export type { Rect } from './drawing.js';
export { FAMILIES, type Family, type FamilySet, familiesOf, familyOf } from './families/index.js';
export type { SourcePhoto } from './page.js';
