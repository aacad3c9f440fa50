/**
 * The bundler apps, made into projects that have the packed package installed.
 * @module
 */
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CHECKOUT, type InstalledPackage, makeProject, run } from '../support/packed-package.js';

const APPS = fileURLToPath(new URL('apps/', import.meta.url));

/** How each app is built; the folder to serve is below the project. */
export const APP_NAMES = ['vite', 'webpack', 'esbuild', 'plain'] as const;
export type AppName = (typeof APP_NAMES)[number];
export type Mode = 'production' | 'development';

/**
 * @param packed - the installed package
 * @param name - of the app
 * @param root - root metadata of the signed list that the page uses, as JSON
 * @param folder - name of the project's folder
 * @returns the project's folder, nothing built
 */
export function makeApp(
  packed: InstalledPackage,
  name: AppName,
  root: string,
  folder: string = name,
): string {
  const tools = name === 'plain' ? [] : [name];
  const project = makeProject(packed, folder, [join(APPS, 'shared'), join(APPS, name)], tools);
  // Copied, not linked: Vite's development server serves nothing from outside of the project.
  const libheif = join(project, 'node_modules/libheif-js');
  cpSync(join(CHECKOUT, 'node_modules/libheif-js'), libheif, { recursive: true });
  writeFileSync(join(project, 'test-data.js'), testData(project, root, name));
  writeFileSync(join(project, 'package.json'), '{ "name": "app", "private": true, "type": "module" }\n');
  return project;
}

/** @returns the folder to serve */
export async function buildApp(project: string, name: AppName, mode: Mode): Promise<string> {
  if (name === 'plain') return project;
  if (name === 'vite') {
    await run(
      project,
      process.execPath,
      'node_modules/vite/bin/vite.js',
      'build',
      '--mode',
      mode,
      '--outDir',
      'out',
    );
  } else {
    await run(project, process.execPath, 'build.js', mode);
  }
  return join(project, 'out');
}

/** Where each app has libheif, as seen from its page's module: followed by Vite and webpack, copied for esbuild. */
const LIBHEIF: Record<AppName, string> = {
  vite: 'libheif-js/libheif-wasm/libheif-bundle.mjs',
  webpack: 'libheif-js/libheif-wasm/libheif-bundle.mjs',
  esbuild: './libheif-bundle.mjs',
  plain: './node_modules/libheif-js/libheif-wasm/libheif-bundle.mjs',
};

/** Every part that the package has, declared. */
function testData(project: string, root: string, name: AppName): string {
  const parts = partNames(project);
  const from = name === 'plain' ? './node_modules/presieve/dist/parts/heic.js' : 'presieve/parts/heic';
  // Without a bundler a part is declared by its name.
  const named = parts.filter((part) => part !== 'heic');
  const imports = named.map((part) => `import * as ${part} from 'presieve/parts/${part}';\n`);
  const list = named.map((part) => (name === 'plain' ? `'${part}'` : `...Object.values(${part})`));
  list.push(`heicPart(new URL('${LIBHEIF[name]}', import.meta.url))`);
  return [
    ...(name === 'plain' ? [] : imports),
    `import { heicPart } from '${from}';\n`,
    `export const root = ${root};\nexport const parts = [${list.join(', ')}];\n`,
  ].join('');
}

/** @returns the names of the parts that a project's package exports */
export function partNames(project: string): string[] {
  const { exports } = JSON.parse(readFileSync(join(project, 'node_modules/presieve/package.json'), 'utf8'));
  return Object.keys(exports).flatMap((path) => /^\.\/parts\/(\w+)$/.exec(path)?.[1] ?? []);
}
