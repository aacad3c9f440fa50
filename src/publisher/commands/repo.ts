/**
 * `presieve repo …`: a repository of signed lists.
 * @module
 */
import { Command } from 'commander';
import type { CommandContext } from './context.js';
import { repoAddCommand, repoRenewCommand } from './repo-add.js';
import { repoInitCommand } from './repo-init.js';
import { repoPublishCommand } from './repo-publish.js';
import { repoRotateRootCommand } from './repo-rotate-root.js';
import { repoSignCommand } from './repo-sign.js';
import { repoVerifyCommand } from './repo-verify.js';

/** Makes the command. */
export function repoCommand(context: CommandContext): Command {
  const group = new Command('repo').description('make, sign, publish and verify a repository of lists');
  for (const newCommand of [
    repoInitCommand,
    repoAddCommand,
    repoSignCommand,
    repoPublishCommand,
    repoVerifyCommand,
    repoRenewCommand,
    repoRotateRootCommand,
  ]) {
    group.addCommand(newCommand(context));
  }
  return group;
}
