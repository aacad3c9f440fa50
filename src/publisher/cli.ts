#!/usr/bin/env node
/**
 * The executable `presieve`.
 * @module
 */
import { runCli } from './program.js';

process.exitCode = await runCli(process.argv.slice(2), {
  stdin: () => process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  now: Date.now,
  env: process.env,
});
