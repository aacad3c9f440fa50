/**
 * WebKitGTK: its MiniBrowser on a virtual display, through the W3C WebDriver protocol.
 *
 * The driver holds one session, and a session's storage is forgotten with it, so each profile is a driver of
 * its own.
 * @module
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
// @ts-expect-error: a plain script
import { findWebKit } from '../../../scripts/find-browser.mjs';
import { callExpression, readOutcome } from './evaluation.js';
import type { Engine, EnginePage, Profile, Viewport } from './types.js';
import { connect, ELEMENT_KEY, type Session } from './webdriver.js';

/** A machine without a GPU; and shared memory, which WebKitGTK has behind a switch. */
const ENVIRONMENT = {
  WEBKIT_DISABLE_COMPOSITING_MODE: '1',
  WEBKIT_DISABLE_DMABUF_RENDERER: '1',
  JSC_useSharedArrayBuffer: '1',
  GDK_BACKEND: 'x11',
};

/** @returns WebKitGTK as an {@link Engine}; a missing one is a failure: `npm test` decides on a skip */
export async function startWebKit(): Promise<Engine> {
  const parts = findWebKit() as { driver: string; browser: string; display: string } | null;
  if (parts === null) throw new Error('no WebKitGTK found: run "node scripts/find-browser.mjs"');
  const { xvfb, display } = await startDisplay(parts.display);
  const profiles = new Set<Profile>();
  const newProfile = async () => {
    const profile = await startProfile(parts, display, () => profiles.delete(profile));
    profiles.add(profile);
    return profile;
  };
  const first = await startDriver(parts, display);
  const version = first.session.capabilities.browserVersion;
  await first.end();
  return {
    name: 'webkit',
    version: `WebKitGTK ${String(version)}`,
    newProfile,
    close: async () => {
      await Promise.all([...profiles].map((profile) => profile.close()));
      await end(xvfb);
    },
  };
}

/** Xvfb picks a free display itself and tells its number. */
async function startDisplay(path: string): Promise<{ xvfb: ChildProcess; display: string }> {
  const xvfb = spawn(path, ['-displayfd', '3', '-screen', '0', '1400x1000x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  endWithThisProcess(xvfb);
  const number = await new Promise<string>((resolve, reject) => {
    let told = '';
    xvfb.stdio[3]?.on('data', (bytes: Buffer) => {
      told += bytes;
      if (told.includes('\n')) resolve(told.trim());
    });
    xvfb.once('error', reject);
    xvfb.once('exit', (code) => reject(new Error(`Xvfb ended with ${code}`)));
  });
  return { xvfb, display: `:${number}` };
}

/**
 * Another process may have taken the free port before the driver did; it ends then, and tries again with the next one. And once in
 * some hundred starts on a busy machine a session never begins.
 */
const STARTS = 3;
const START_TIMEOUT_MS = 60_000;

async function startDriver(parts: { driver: string; browser: string }, display: string) {
  for (let start = 1; ; start++) {
    try {
      return await tryDriver(parts, display);
    } catch (error) {
      if (start === STARTS) throw error;
    }
  }
}

async function tryDriver(parts: { driver: string; browser: string }, display: string) {
  const port = await freePort();
  const driver = spawn(parts.driver, ['--host=127.0.0.1', `--port=${port}`], {
    stdio: 'ignore',
    env: { ...process.env, ...ENVIRONMENT, DISPLAY: display },
  });
  endWithThisProcess(driver);
  const ended = new Promise<never>((_, reject) => {
    driver.once('error', reject);
    driver.once('exit', (code) => reject(new Error(`WebKitWebDriver ended with ${code}`)));
  });
  ended.catch(() => {});
  try {
    const session = await Promise.race([
      ended,
      wait(START_TIMEOUT_MS).then(() => {
        throw new Error('WebKitWebDriver began no session in time');
      }),
      connect(`http://127.0.0.1:${port}`, {
        browserName: 'MiniBrowser',
        'webkitgtk:browserOptions': { binary: parts.browser, args: ['--automation'] },
      }),
    ]);
    return {
      session,
      end: async () => {
        // A page in an endless loop lets no session end.
        await Promise.race([session.end().catch(() => {}), ended.catch(() => {}), wait(END_TIMEOUT_MS)]);
        await end(driver);
      },
    };
  } catch (error) {
    await end(driver);
    throw error;
  }
}

async function startProfile(
  parts: { driver: string; browser: string },
  display: string,
  onClose: () => void,
): Promise<Profile> {
  const { session, end: endDriver } = await startDriver(parts, display);
  await session.post('timeouts', { script: 900_000, pageLoad: 120_000 });
  // One window at a time is current, and one call at a time is answered.
  let last: Promise<unknown> = Promise.resolve();
  const inTurn = <T>(act: () => Promise<T>): Promise<T> => {
    const turn = last.then(act, act);
    last = turn.catch(() => {});
    return turn;
  };
  let fresh = true;
  return {
    open: (url, viewport) =>
      inTurn(async () => {
        const handle = fresh
          ? ((await session.get('window')) as string)
          : ((await session.post('window/new', { type: 'window' })) as { handle: string }).handle;
        fresh = false;
        await session.post('window', { handle });
        if (viewport !== undefined) await resize(session, viewport);
        await session.post('url', { url });
        return pageOf(session, handle, inTurn);
      }),
    close: async () => {
      onClose();
      await endDriver();
    },
  };
}

/** WebDriver sets the outer size. */
async function resize(session: Session, { width, height }: Viewport): Promise<void> {
  await session.post('window/rect', { width, height });
  const [innerWidth, innerHeight] = (await session.post('execute/sync', {
    script: 'return [innerWidth, innerHeight]',
    args: [],
  })) as [number, number];
  await session.post('window/rect', { width: width * 2 - innerWidth, height: height * 2 - innerHeight });
}

function pageOf(
  session: Session,
  handle: string,
  inTurn: <T>(act: () => Promise<T>) => Promise<T>,
): EnginePage {
  const here = <T>(act: () => Promise<T>) =>
    inTurn(async () => {
      await session.post('window', { handle });
      return act();
    });
  return {
    engine: 'webkit',
    evaluate: (run: (...args: never[]) => unknown, argument?: unknown) =>
      here(async () => {
        const script = `${callExpression(run, argument)}.then(arguments[arguments.length - 1])`;
        return readOutcome(await session.post('execute/async', { script, args: [] }));
      }),
    chooseFiles: (selector, paths) =>
      here(async () => {
        const found = await session.post('element', { using: 'css selector', value: selector });
        const id = (found as Record<string, string>)[ELEMENT_KEY];
        await session.post(`element/${id}/value`, { text: paths.join('\n') });
      }),
    close: () =>
      here(async () => {
        const handles = (await session.get('window/handles')) as string[];
        // The last window's end would be the session's, and with it the profile's storage.
        if (handles.length === 1) await session.post('url', { url: 'about:blank' });
        else await session.delete('window');
      }),
  };
}

/** How long a browser may take to end by itself. */
const END_TIMEOUT_MS = 15_000;

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** So that a test run that breaks off leaves nothing running. */
function endWithThisProcess(child: ChildProcess): void {
  const kill = () => child.kill();
  process.once('exit', kill);
  child.once('exit', () => process.off('exit', kill));
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  await Promise.race([gone, wait(END_TIMEOUT_MS)]);
  child.kill('SIGKILL');
  await gone;
}

function wait(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms).unref());
}
