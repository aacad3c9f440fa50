import { defineConfig } from 'vitest/config';

const NODE_ROOMS = [
  'kernels',
  'snapshot',
  'scan',
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

export default defineConfig({
  test: {
    reporters: ['default', './test/support/closing-line-reporter.ts'],
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
        test: {
          name: 'dom',
          environment: 'happy-dom',
          include: ['test/dom/**/*.test.ts'],
        },
      },
      {
        // Node drives an installed Chromium against pages served from dist/: `npm run build` comes first.
        test: {
          name: 'browser-chromium',
          environment: 'node',
          include: ['test/browser/**/*.test.ts'],
          env: { PRESIEVE_ENGINE: 'chromium' },
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
      {
        // The package as users get it, packed and installed: `npm run build` comes first.
        test: {
          name: 'packed',
          environment: 'node',
          include: ['test/packed/**/*.test.ts', 'test/bundlers/**/*.test.ts'],
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
