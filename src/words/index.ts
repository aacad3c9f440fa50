/**
 * `presieve/words`: ready words for people, in English and German, for a host to take, change or translate.
 * @module
 */
export { type Catalogue, type HelpWords, type WordsOverride, withWords } from './catalogue.js';
export { german } from './de.js';
export { english } from './en.js';
export { ageWords, type ExplainOptions, type Explanation, explain, listWords } from './explain.js';
