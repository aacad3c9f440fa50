/**
 * `npm test`: build, lint, types, then every test tier, browser tests in three engines included. `--slow` runs
 * the slow tier instead.
 */
import { spawnSync } from 'node:child_process';
import { ensureChromium, ensureFirefox, tryToHave } from './find-browser.mjs';
import { ensureFfmpeg } from './find-ffmpeg.mjs';

const slow = process.argv.includes('--slow');

function run(command, ...args) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
}

ensureChromium();
ensureFfmpeg();
run('npm', 'run', '--silent', 'build');
if (slow) {
  run('npx', 'vitest', 'run', '--project', 'slow');
} else {
  ensureFirefox();
  // Only Linux has WebKitGTK. Where it can't be had, its suites are reported as skipped, by name.
  if (tryToHave('webkit') === null) process.env.PRESIEVE_SKIP_WEBKIT = '1';
  run('npm', 'run', '--silent', 'lint');
  run('npm', 'run', '--silent', 'typecheck');
  const projects = ['node', 'dom', 'browser-chromium', 'browser-firefox', 'browser-webkit', 'packed'];
  run('npx', 'vitest', 'run', ...projects.flatMap((project) => ['--project', project]));
}
