/**
 * JSON as signatures see it: bytes → value with bounds (`parseJson`), value → canonical bytes (`canonicalBytes`).
 *
 * The canonical form is OLPC's, written by the same library as in tuf-js: keys sorted, no white space, only `"` and `\`
 * escaped, integers only. What the peers' encoders would write differently from each other is refused here: fractions,
 * integers beyond 2^53, lone surrogates.
 * @module
 */
import { canonicalize } from '@tufjs/canonical-json';
import { utf8 } from './bytes.js';
import { TrustError } from './errors.js';

/** What `JSON.parse` gives. */
export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LESS_THAN = 0x3c;

/**
 * Parses untrusted JSON. Depth is counted on the bytes first: some engines' parsers recurse.
 * @param bytes - UTF-8
 * @param maxDepth - arrays and objects inside each other
 * @param what - the file's name, for messages
 * @returns the value
 * @throws TrustError `format` or `too-large`
 */
export function parseJson(bytes: Uint8Array, maxDepth: number, what: string): Json {
  const start = bytes.findIndex((byte) => byte > 0x20);
  if (bytes[start] === LESS_THAN) {
    throw new TrustError(
      'format',
      `"${what}" is a page of HTML or XML, not JSON: an error page, a login page of the network, or a wrong address`,
    );
  }
  checkDepth(bytes, maxDepth, what);
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)) as Json;
  } catch (cause) {
    throw new TrustError('format', `"${what}" is not JSON`, { cause });
  }
}

function checkDepth(bytes: Uint8Array, maxDepth: number, what: string): void {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) {
      inString = true;
    } else if (byte === 0x5b || byte === 0x7b) {
      if (++depth > maxDepth)
        throw new TrustError('too-large', `"${what}" is nested more than ${maxDepth} deep`);
    } else if (byte === 0x5d || byte === 0x7d) {
      depth--;
    }
  }
}

/**
 * @param value - JSON, at most `maxJsonDepth` deep
 * @returns its canonical form in UTF-8
 * @throws TrustError `format` for what has no canonical form that all peers share
 */
export function canonicalBytes(value: Json): Uint8Array {
  checkCanonical(value);
  return utf8(canonicalize(value));
}

function checkCanonical(value: Json): void {
  if (typeof value === 'number') {
    if (!Number.isSafeInteger(value))
      throw new TrustError('format', `"${value}" has no canonical form: not an integer below 2^53`);
  } else if (typeof value === 'string') {
    checkText(value);
  } else if (Array.isArray(value)) {
    for (const item of value) checkCanonical(item);
  } else if (value !== null && typeof value === 'object') {
    for (const [key, item] of Object.entries(value)) {
      checkText(key);
      checkCanonical(item);
    }
  }
}

function checkText(text: string): void {
  // With the u flag only a surrogate that is not half of a pair matches; TextEncoder would silently write U+FFFD.
  if (/\p{Cs}/u.test(text))
    throw new TrustError('format', 'text with a lone surrogate has no canonical form');
}
