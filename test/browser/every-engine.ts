/**
 * Suites of this folder that run in Chromium, Firefox and WebKitGTK. The others use what only Chromium's protocol
 * offers, or would only repeat themselves, and run there alone.
 * @module
 */

/** File names without `.test.ts`. */
export const EVERY_ENGINE = [
  'animation',
  'capabilities',
  'conformance',
  'demo-basics',
  'finder',
  'heic',
  'motion',
  'parts',
  'scan',
  'signed-lists',
  'trust',
  'video-engines',
] as const;
