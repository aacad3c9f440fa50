/**
 * The package as users get it: packed by `npm pack`, installed by `npm install` into a folder outside this checkout,
 * and put into as many projects as a test needs. `npm run build` comes first.
 * @module
 */
import { spawn } from 'node:child_process';
import {
  copyFileSync,
  cpSync,
  existsSync,
  linkSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startLocalRegistry } from './local-registry.js';

/** This checkout, with a closing slash. */
export const CHECKOUT: string = fileURLToPath(new URL('../../', import.meta.url));

/** The packed package, installed. */
export interface InstalledPackage {
  /** A temporary folder of everything here. */
  readonly folder: string;
  /** The tarball that `npm pack` made. */
  readonly tarball: string;
  /** A project that has nothing but the package installed. */
  readonly project: string;
}

/**
 * @param checkout - folder of the package, built
 * @returns the package, packed and installed; {@link removeInstalled} takes it away
 */
export async function installPacked(checkout = CHECKOUT): Promise<InstalledPackage> {
  if (!existsSync(join(checkout, 'dist/index.js')))
    throw new Error('dist/ is missing: run "npm run build" first');
  const folder = mkdtempSync(join(tmpdir(), 'presieve-packed-'));
  const project = join(folder, 'project');
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), '{ "name": "a-user", "private": true, "type": "module" }\n');
  const registry = await startLocalRegistry(checkout);
  const npm = (cwd: string, ...args: string[]) =>
    run(
      cwd,
      'npm',
      ...args,
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
      '--no-update-notifier',
      '--cache',
      join(folder, 'npm-cache'),
      '--registry',
      registry.url,
    );
  try {
    await npm(checkout, 'pack', '--pack-destination', folder);
    const tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
    await npm(project, 'install', tarball);
    return { folder, tarball, project };
  } finally {
    await registry.close();
    rmSync(join(folder, 'npm-cache'), { recursive: true, force: true });
  }
}

/** Takes an installed package and all projects in its folder away. */
export function removeInstalled({ folder }: InstalledPackage): void {
  rmSync(folder, { recursive: true, force: true });
}

/**
 * Makes one more project that has the package installed.
 * @param installed - the package
 * @param name - of its folder
 * @param sources - folders whose files the project gets, the later ones over the earlier ones
 * @param devDependencies - packages of this checkout that it gets as well, linked
 * @returns the project's folder
 */
export function makeProject(
  installed: InstalledPackage,
  name: string,
  sources: readonly string[],
  devDependencies: readonly string[] = [],
): string {
  const folder = join(installed.folder, name);
  // A second try begins anew.
  rmSync(folder, { recursive: true, force: true });
  // Links of the files, not of the folders: to a bundler the package lies inside the project.
  linkTree(join(installed.project, 'node_modules'), join(folder, 'node_modules'));
  for (const source of sources) cpSync(source, folder, { recursive: true });
  for (const dependency of devDependencies) linkPackage(dependency, folder);
  return folder;
}

/**
 * Runs a command to its end.
 * @returns what it printed
 * @throws Error with all that it printed, if it failed
 */
export function run(cwd: string, command: string, ...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    // What a surrounding `npm test` sets would be npm's configuration here, too.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(([name]) => !/^npm_|^NODE_ENV$|^VITEST/i.test(name)),
    );
    const child = spawn(command, args, { cwd, env, shell: process.platform === 'win32' });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(output);
      else reject(new Error(`${command} ${args.join(' ')} ended with ${code}:\n${output}`));
    });
  });
}

function linkTree(from: string, to: string): void {
  mkdirSync(to, { recursive: true });
  for (const entry of readdirSync(from, { withFileTypes: true })) {
    const [source, target] = [join(from, entry.name), join(to, entry.name)];
    if (entry.isDirectory()) linkTree(source, target);
    else if (entry.isSymbolicLink()) cpSync(source, target, { verbatimSymlinks: true });
    else linkFile(source, target);
  }
}

function linkFile(source: string, target: string): void {
  try {
    linkSync(source, target);
  } catch {
    copyFileSync(source, target);
  }
}

/** A package of this checkout as a project's own, its dependencies found here. */
function linkPackage(name: string, project: string): void {
  const target = join(project, 'node_modules', name);
  mkdirSync(join(target, '..'), { recursive: true });
  symlinkSync(join(CHECKOUT, 'node_modules', name), target, 'junction');
}
