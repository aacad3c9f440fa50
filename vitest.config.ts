import { availableParallelism } from 'node:os';
import { defineConfig, type TestProjectInlineConfiguration } from 'vitest/config';
import { EVERY_ENGINE } from './test/browser/every-engine.js';
import type { EngineName } from './test/support/engines/types.js';

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

/** Node drives an installed browser against pages served from dist/: `npm run build` comes first. */
function browserProject(engine: EngineName, include: string[]): TestProjectInlineConfiguration {
  return {
    test: {
      name: `browser-${engine}`,
      environment: 'node',
      include,
      env: { PRESIEVE_ENGINE: engine },
      testTimeout: 120_000,
      hookTimeout: 120_000,
      fileParallelism: false,
    },
  };
}

const everyEngine = EVERY_ENGINE.map((suite) => `test/browser/${suite}.test.ts`);

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line-reporter.ts'],
    // By default a machine of two cores would have one.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        test: {
          name: 'node',
          environment: 'node',
          include: ['test/*.test.ts', ...NODE_ROOMS.map((room) => `test/${room}/**/*.test.ts`)],
          testTimeout: 60_000,
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
          name: 'packed',
          environment: 'node',
          include: ['test/packed/**/*.test.ts', 'test/bundlers/**/*.test.ts', 'test/examples/**/*.test.ts'],
          globalSetup: ['test/support/packed-setup.ts'],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
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
