/**
 * Finds Chromium, Firefox and WebKitGTK for the browser tests, and installs Debian's packages where one is
 * missing and the machine lets us. Prints what there is when run directly.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

const CHROMIUM_CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

const FIREFOX_CANDIDATES = [
  '/usr/bin/firefox-esr',
  '/usr/bin/firefox',
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
];

/** Debian's packages of each engine; WebKitGTK takes its video decoders from GStreamer. */
const DEBIAN_PACKAGES = {
  chromium: ['chromium'],
  firefox: ['firefox-esr'],
  webkit: [
    'webkit2gtk-driver',
    'xvfb',
    ...['base', 'good', 'bad'].map((set) => `gstreamer1.0-plugins-${set}`),
    'gstreamer1.0-gl',
    'gstreamer1.0-libav',
  ],
};

function firstThere(variable, candidates) {
  const wanted = process.env[variable];
  if (wanted) return existsSync(wanted) ? wanted : null;
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** @returns {string | null} path of an installed Chromium; PRESIEVE_CHROMIUM comes first */
export const findChromium = () => firstThere('PRESIEVE_CHROMIUM', CHROMIUM_CANDIDATES);

/** @returns {string | null} path of an installed Firefox; PRESIEVE_FIREFOX comes first */
export const findFirefox = () => firstThere('PRESIEVE_FIREFOX', FIREFOX_CANDIDATES);

/**
 * @returns {{ driver: string, browser: string, display: string } | null} paths of WebKitGTK's WebDriver, its
 *   MiniBrowser and Xvfb
 */
export function findWebKit() {
  const driver = '/usr/bin/WebKitWebDriver';
  const display = '/usr/bin/Xvfb';
  if (!existsSync(driver) || !existsSync(display)) return null;
  // /usr/lib/<architecture>/webkit2gtk-<api>/MiniBrowser
  for (const architecture of readdirSync('/usr/lib')) {
    if (!architecture.includes('-linux-gnu')) continue;
    for (const api of ['webkit2gtk-4.1', 'webkit2gtk-4.0', 'webkitgtk-6.0']) {
      const browser = join('/usr/lib', architecture, api, 'MiniBrowser');
      if (existsSync(browser)) return { driver, browser, display };
    }
  }
  return null;
}

const FINDERS = { chromium: findChromium, firefox: findFirefox, webkit: findWebKit };

/** Installs Debian packages, as root or through sudo without a password. @returns {boolean} whether it worked */
export function installDebianPackages(packages) {
  if (spawnSync('apt-get', ['--version'], { stdio: 'ignore' }).status !== 0) return false;
  const command = process.getuid?.() === 0 ? ['apt-get'] : ['sudo', '-n', 'apt-get'];
  const run = (...args) =>
    spawnSync(command[0], [...command.slice(1), ...args], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0;
  run('update', '-qq');
  return run('install', '-y', '-qq', '--no-install-recommends', ...packages);
}

/**
 * @param {'chromium' | 'firefox' | 'webkit'} engine
 * @returns {string | object | null} what its finder gives, after an attempt to install it where it is missing
 */
export function tryToHave(engine) {
  const found = FINDERS[engine]();
  if (found !== null) return found;
  console.error(`No ${engine} found; trying to install Debian's packages …`);
  installDebianPackages(DEBIAN_PACKAGES[engine]);
  return FINDERS[engine]();
}

/** @returns {string} path of a Chromium @throws Error where there is none and none could be installed */
export function ensureChromium() {
  const path = tryToHave('chromium');
  if (path !== null) return path;
  throw new Error('No Chromium or Chrome found. Install one, or set PRESIEVE_CHROMIUM to its path.');
}

/** @returns {string} path of a Firefox @throws Error where there is none and none could be installed */
export function ensureFirefox() {
  const path = tryToHave('firefox');
  if (path !== null) return path;
  throw new Error('No Firefox found. Install one, or set PRESIEVE_FIREFOX to its path.');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const engine of Object.keys(FINDERS)) console.log(engine, tryToHave(engine) ?? 'is missing');
}
