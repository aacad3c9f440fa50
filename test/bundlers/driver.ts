/**
 * Drives the page that all bundler apps share.
 * @module
 */
import { fileURLToPath } from 'node:url';
import type { Browser } from 'playwright-core';
import type { ScannerStatus } from '../../src/index.js';
import type { Outcome } from '../../src/outcome.js';

/** An opened app. */
export interface OpenedApp {
  /** What the page knows once its scanner is ready, or why it is not. */
  readonly status: Partial<ScannerStatus> & { isolated?: boolean; error?: string };
  /** Addresses that the browser asked for, pages and workers alike. */
  readonly requests: string[];
  /** Errors of the page and of its console, refusals of a content policy included. */
  readonly troubles: string[];
  /** Picks a file, as a user does. @returns the outcome, or an error's text */
  scan(file: PickedFile): Promise<Outcome | string>;
  close(): Promise<void>;
}

/** A file by its path, or made on the spot. */
export type PickedFile = string | { name: string; mimeType: string; buffer: Buffer };

/** @returns a file of the demo's gallery */
export function galleryFile(name: string): string {
  return fileURLToPath(new URL(`../../examples/demo/gallery/${name}`, import.meta.url));
}

/** Opens an app and waits until its scanner is ready or has failed. */
export async function openApp(browser: Browser, url: string): Promise<OpenedApp> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const requests: string[] = [];
  const troubles: string[] = [];
  context.on('request', (request) => requests.push(request.url()));
  page.on('pageerror', (error) => troubles.push(String(error)));
  page.on(
    'console',
    (message) => message.type() === 'error' && troubles.push(`${message.text()} ${message.location().url}`),
  );
  await page.goto(url);
  const filled = async (id: string) => {
    await page.waitForFunction((id) => document.querySelector(id)?.textContent, id);
    return JSON.parse((await page.textContent(id)) ?? '');
  };
  return {
    status: await filled('#status'),
    requests,
    troubles,
    async scan(file) {
      await page.evaluate(() => {
        document.querySelector('#outcome')!.textContent = '';
      });
      await page.setInputFiles('input', file);
      return filled('#outcome');
    },
    close: () => context.close(),
  };
}
