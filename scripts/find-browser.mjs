/**
 * Finds a Chromium or Chrome for the browser tests, and installs Debian's package where none is found and
 * the machine lets us. Prints the path when run directly.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const CANDIDATES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/opt/google/chrome/chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/** @returns {string | null} path of an installed browser; PRESIEVE_CHROMIUM comes first */
export function findChromium() {
  const wanted = process.env.PRESIEVE_CHROMIUM;
  if (wanted) return existsSync(wanted) ? wanted : null;
  return CANDIDATES.find((path) => existsSync(path)) ?? null;
}

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

/** @returns {string} path of a browser @throws Error where there is none and none could be installed */
export function ensureChromium() {
  const found = findChromium();
  if (found) return found;
  console.error('No Chromium found; trying to install the Debian package "chromium" …');
  installDebianPackages(['chromium']);
  const installed = findChromium();
  if (installed) return installed;
  throw new Error('No Chromium or Chrome found. Install one, or set PRESIEVE_CHROMIUM to its path.');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = ensureChromium();
  console.log(path, execFileSync(path, ['--version', '--no-sandbox']).toString().trim());
}
