/**
 * `npm test`: build, lint, types, then every test tier, browser tests included. `--slow` runs the slow tier
 * instead.
 */
import { spawnSync } from 'node:child_process';
import { ensureChromium } from './find-browser.mjs';
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
  run('npm', 'run', '--silent', 'lint');
  run('npm', 'run', '--silent', 'typecheck');
  run('npx', 'vitest', 'run', '--project', 'node', '--project', 'dom', '--project', 'browser-chromium');
}
