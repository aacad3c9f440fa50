/**
 * Chromium through Playwright.
 * @module
 */
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
// @ts-expect-error: a plain script
import { findChromium } from '../../../scripts/find-browser.mjs';
import { callExpression, readOutcome } from './evaluation.js';
import { type Engine, type EnginePage, PAGE_TIMEOUT_MS, type Profile } from './types.js';

/** Flags that keep a headless Chromium from talking to anyone but the test server. */
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** @returns a running Chromium with all that Playwright offers; a missing one is a failure, never a skip */
export async function launchChromium(extraArgs: readonly string[] = []): Promise<Browser> {
  const executablePath = findChromium() as string | null;
  if (executablePath === null) throw new Error('no Chromium found: run "node scripts/find-browser.mjs"');
  const browser = await chromium.launch({
    executablePath,
    args: [...CHROMIUM_ARGS, ...extraArgs],
    timeout: PAGE_TIMEOUT_MS,
  });
  const newContext = browser.newContext.bind(browser);
  browser.newContext = async (options) => {
    const context = await newContext(options);
    context.setDefaultTimeout(PAGE_TIMEOUT_MS);
    return context;
  };
  return browser;
}

/** @returns Chromium as an {@link Engine} */
export async function startChromium(): Promise<Engine> {
  const browser = await launchChromium();
  return {
    name: 'chromium',
    version: `Chromium ${browser.version()}`,
    newProfile: async () => profileOf(await browser.newContext()),
    close: () => browser.close(),
  };
}

function profileOf(context: BrowserContext): Profile {
  return {
    open: async (url, viewport) => {
      const page = await context.newPage();
      if (viewport !== undefined) await page.setViewportSize(viewport);
      page.on('pageerror', (error) => console.error('page error:', error));
      await page.goto(url);
      return pageOf(page);
    },
    close: () => context.close(),
  };
}

function pageOf(page: Page): EnginePage {
  return {
    engine: 'chromium',
    evaluate: async (run: (...args: never[]) => unknown, argument?: unknown) =>
      readOutcome(await page.evaluate(callExpression(run, argument))),
    chooseFiles: async (selector, paths) => {
      // Through the protocol itself, so that the page holds files on disk and not copies of their bytes.
      const protocol = await page.context().newCDPSession(page);
      const { root } = await protocol.send('DOM.getDocument');
      const { nodeId } = await protocol.send('DOM.querySelector', { nodeId: root.nodeId, selector });
      await protocol.send('DOM.setFileInputFiles', { files: [...paths], nodeId });
      await protocol.detach();
    },
    close: () => page.close(),
  };
}
