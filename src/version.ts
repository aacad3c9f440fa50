/**
 * The package's version, in code: the page, the worker and the parts must be of one build.
 * @module
 */

/** As in package.json (a test compares them). */
export const VERSION = '0.1.0';
