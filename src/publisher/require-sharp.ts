/**
 * Loads the package sharp. It's an optional peer: 20 MB that an app's pages never need.
 * @module
 */
import { PublisherError } from './errors.js';

const NOT_THERE = 'pictures need the package sharp, which is not installed: npm install sharp';

/**
 * @returns sharp
 * @throws PublisherError `usage` where it can't be loaded
 */
export async function requireSharp(): Promise<typeof import('sharp').default> {
  try {
    return (await import('sharp')).default;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === 'ERR_MODULE_NOT_FOUND' ? NOT_THERE : `the package sharp can't be loaded: ${message}`;
    throw new PublisherError('usage', why, { cause });
  }
}
