import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { EVERY_ENGINE } from './test/browser/every-engine.js';
import type { EngineName } from './test/support/engines/types.js';
import SideBySide from './test/support/side-by-side.js';

const NODE_ROOMS = [
  'kernels',
  'snapshot',
  'scan',
  'video',
  'worker',
  'publisher',
  'package',
  'trust',
  'recall',
  'finder',
  'statistics',
  'records',
  'fingerprint',
  'words',
  'docs',
];

/** What polls waits as long as a busy machine takes, not the second that is the default. */
const PATIENT = { poll: { timeout: 30_000 } };

/**
 * For tests that drive a browser: its driver, its own processes and the display are no part of what is tested, and on a
 * shared machine one of them fails now and then. Whatever needed a second try is named at the end of the run.
 */
const BROWSER_TESTS = {
  environment: 'node',
  retry: 1,
  expect: PATIENT,
  testTimeout: 240_000,
  hookTimeout: 240_000,
} as const;

/** Node drives an installed browser against pages served from dist/: `npm run build` comes first. */
function browserProject(engine: EngineName, include: string[]): TestProjectInlineConfiguration {
  return {
    test: {
      ...BROWSER_TESTS,
      name: `browser-${engine}`,
      include,
      env: { PRESIEVE_ENGINE: engine },
    },
  };
}

const everyEngine = EVERY_ENGINE.map((suite) => `test/browser/${suite}.test.ts`);

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    sequence: { sequencer: SideBySide },
    // Of all projects together. By default a machine of two cores would have one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/*.test.ts', ...NODE_ROOMS.map((room) => `test/${room}/**/*.test.ts`)],
          expect: PATIENT,
          testTimeout: 240_000,
          hookTimeout: 240_000,
        },
      },
      {
        // The demo page imports the package by its name; its units run without a build.
        resolve: { alias: { 'presieve/words': new URL('./src/words/index.ts', import.meta.url).pathname } },
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['test/dom/**/*.test.ts'],
        },
      },
      browserProject('chromium', ['test/browser/**/*.test.ts']),
      browserProject('firefox', everyEngine),
      browserProject(
        'webkit',
        process.env.PRESIEVE_SKIP_WEBKIT ? ['test/browser/without-webkit.ts'] : everyEngine,
      ),
      {
        // The package as users get it, packed and installed: `npm run build` comes first.
        test: {
          ...BROWSER_TESTS,
          name: 'packed',
          include: ['test/packed/**/*.test.ts', 'test/bundlers/**/*.test.ts', 'test/examples/**/*.test.ts'],
          globalSetup: ['test/support/packed-setup.ts'],
        },
      },
      {
        test: {
          name: 'slow',
          environment: 'node',
          include: ['test/slow/**/*.test.ts'],
          testTimeout: 1_800_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
