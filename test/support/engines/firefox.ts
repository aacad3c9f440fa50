/**
 * Firefox through Puppeteer, over WebDriver BiDi (Playwright can't drive a Firefox that it did not patch).
 * @module
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import puppeteer, { type BrowserContext, type ElementHandle, type Page } from 'puppeteer-core';
// @ts-expect-error: a plain script
import { findFirefox } from '../../../scripts/find-browser.mjs';
import { callExpression, readOutcome } from './evaluation.js';
import { type Engine, type EnginePage, PAGE_TIMEOUT_MS, type Profile } from './types.js';

/** Keeps Firefox from talking to anyone but the test server. */
const PREFERENCES = {
  'app.update.auto': false,
  'browser.safebrowsing.malware.enabled': false,
  'browser.safebrowsing.phishing.enabled': false,
  'datareporting.policy.dataSubmissionEnabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'toolkit.telemetry.enabled': false,
};

/** @returns Firefox as an {@link Engine}; a missing one is a failure, never a skip */
export async function startFirefox(): Promise<Engine> {
  const executablePath = findFirefox() as string | null;
  if (executablePath === null) throw new Error('no Firefox found: run "node scripts/find-browser.mjs"');
  // Firefox wants a HOME that it may write to.
  const home = mkdtempSync(join(tmpdir(), 'presieve-firefox-'));
  const browser = await puppeteer.launch({
    browser: 'firefox',
    executablePath,
    headless: true,
    env: { ...process.env, HOME: home },
    extraPrefsFirefox: PREFERENCES,
    // A scan of a large file on a busy machine may take longer than Puppeteer's three minutes.
    protocolTimeout: 900_000,
    timeout: PAGE_TIMEOUT_MS,
  });
  return {
    name: 'firefox',
    version: await browser.version(),
    newProfile: async () => profileOf(await browser.createBrowserContext()),
    close: async () => {
      await browser.close();
      rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}

function profileOf(context: BrowserContext): Profile {
  return {
    open: async (url, viewport) => {
      const page = await context.newPage();
      page.setDefaultTimeout(PAGE_TIMEOUT_MS);
      if (viewport !== undefined) await page.setViewport(viewport);
      page.on('pageerror', (error) => console.error('page error:', error));
      await page.goto(url);
      return pageOf(page);
    },
    close: () => context.close(),
  };
}

function pageOf(page: Page): EnginePage {
  return {
    engine: 'firefox',
    evaluate: async (run: (...args: never[]) => unknown, argument?: unknown) =>
      readOutcome(await page.evaluate(callExpression(run, argument))),
    chooseFiles: async (selector, paths) => {
      const input = (await page.$(selector)) as ElementHandle<HTMLInputElement>;
      await input.uploadFile(...paths);
    },
    close: () => page.close(),
  };
}
