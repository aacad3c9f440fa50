/**
 * Finds an ffmpeg for the video tests, which make their clips with it, and installs Debian's package where none is found
 * and the machine lets us. Prints the path when run directly.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { installDebianPackages } from './find-browser.mjs';

/** @returns {string | null} a command that starts ffmpeg; PRESIEVE_FFMPEG comes first */
export function findFfmpeg() {
  const command = process.env.PRESIEVE_FFMPEG || 'ffmpeg';
  return spawnSync(command, ['-version'], { stdio: 'ignore' }).status === 0 ? command : null;
}

/** @returns {string} a command that starts ffmpeg @throws Error where there is none and none could be installed */
export function ensureFfmpeg() {
  const found = findFfmpeg();
  if (found) return found;
  console.error('No ffmpeg found; trying to install the Debian package "ffmpeg" …');
  installDebianPackages(['ffmpeg']);
  const installed = findFfmpeg();
  if (installed) return installed;
  throw new Error('No ffmpeg found. Install one, or set PRESIEVE_FFMPEG to its path.');
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const path = ensureFfmpeg();
  console.log(path, execFileSync(path, ['-version']).toString().split('\n')[0]);
}
