import { afterAll, beforeAll, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/browser.js';
import { startEngine } from '../support/engines/start.js';
import type { Engine, EnginePage, Profile } from '../support/engines/types.js';

let engine: Engine;
let server: TestServer;
let profile: Profile;
let page: EnginePage;
beforeAll(async () => {
  engine = await startEngine();
  server = await startServer();
  profile = await engine.newProfile();
  page = await profile.open(server.origin + '/');
});
afterAll(async () => {
  await engine?.close();
  await server?.close();
});
it('x', async () => {
  console.log(engine.version, await page.evaluate(async (n) => ({ n: n + 1, w: innerWidth, ua: navigator.userAgent, secure: isSecureContext, coi: crossOriginIsolated, locks: 'locks' in navigator }), 3));
  await expect(page.evaluate(async () => { throw new TypeError('hm'); })).rejects.toThrow('TypeError: hm');
  const two = await profile.open(server.origin + '/', { width: 1000, height: 700 });
  console.log(await two.evaluate(() => [innerWidth, innerHeight]));
  await page.evaluate(() => { document.body.innerHTML = '<input type=file multiple>'; });
  await page.chooseFiles('input', ['/etc/hostname', '/etc/passwd']);
  console.log(await page.evaluate(() => document.querySelector('input')!.files!.length));
  await two.close(); console.log('two closed');
  await page.close();
});
