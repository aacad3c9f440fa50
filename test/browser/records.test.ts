/** Statistics and appeals in a real browser: kept over a reload, and no request because of a scan. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scanner, StatisticsExport } from '../../src/index.js';
import { launchChromium, startServer, type TestPage, type TestServer } from '../support/browser.js';
import { renewOnRetry } from '../support/retry.js';

let browser: Browser;
let server: TestServer;
let page: Page;
const asked: string[] = [];

beforeAll(async () => {
  browser = await launchChromium();
  server = await startServer();
  await newProfile();
});
renewOnRetry(newProfile);

async function newProfile(): Promise<void> {
  const context = await browser.newContext();
  page = await context.newPage();
  await page.clock.install({ time: new Date('2030-01-01T12:00:00Z') });
  asked.length = 0;
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
}
afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function open(): Promise<void> {
  await page.goto(server.origin);
  await page.evaluate(async () => {
    const { load } = globalThis as TestPage;
    const { createScanner } = await load<typeof import('../../src/index.js')>('presieve');
    const { demoList } = await load<typeof import('../../src/demo/index.js')>('presieve/demo');
    Object.assign(globalThis, {
      scanner: createScanner({ lists: [demoList], statistics: true, appeals: true }),
    });
    await (globalThis as unknown as { scanner: Scanner }).scanner.ready;
  });
}

describe('records', () => {
  it('outlive the page, and no scan asks for anything', async () => {
    await open();
    expect(asked).toContain('/node_modules/idb/build/index.js');
    asked.length = 0;
    await page.evaluate(async () => {
      const { scanner } = globalThis as unknown as { scanner: Scanner };
      for (let i = 0; i < 10; i++) await scanner.scan(new Blob([`file ${i}`]));
      await scanner.statistics();
    });
    expect(asked).toEqual([]);
    await page.clock.setSystemTime(new Date('2030-01-02T12:00:00Z'));
    await open();
    const statistics = await page.evaluate(
      (): Promise<StatisticsExport> => (globalThis as unknown as { scanner: Scanner }).scanner.statistics(),
    );
    expect(statistics).toMatchObject({ from: '2030-01-01', to: '2030-01-01' });
    expect(statistics.rows).toContainEqual({
      day: '2030-01-01',
      list: null,
      label: null,
      demo: true,
      measure: 'scans',
      count: 10,
    });
  });
});
