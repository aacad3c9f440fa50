/**
 * The packed package: what its tools say of it, what an import does, and what it weighs.
 */
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import * as esbuild from 'esbuild';
import { publint } from 'publint';
import { describe, expect, inject, it } from 'vitest';
import { CHECKOUT, makeProject, run } from '../support/packed-package.js';

const { project, tarball, folder } = inject('packed');
const packageFolder = join(project, 'node_modules/presieve');
const manifest = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
const EXPORTS: Record<string, string | Record<string, string>> = manifest.exports;
/** Entries that a page imports; the publisher is for Node alone, and worker files are run, not imported. */
const FOR_PAGES = Object.keys(EXPORTS).filter((path) => !/publisher|worker|package\.json/.test(path));
const specifier = (path: string) => manifest.name + path.slice(1);

describe('as its tools see it', () => {
  it('is clean to publint', async () => {
    const file = readFileSync(tarball);
    const bytes = file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength) as ArrayBuffer;
    expect((await publint({ pack: { tarball: bytes }, strict: true })).messages).toEqual([]);
  });

  it('is clean to arethetypeswrong, as a package of ES modules', async () => {
    const attw = join(CHECKOUT, 'node_modules/@arethetypeswrong/cli/dist/index.js');
    await run(folder, process.execPath, attw, tarball, '--profile', 'esm-only', '--no-color');
  });

  it('names only files that are there, types first', () => {
    for (const [path, target] of Object.entries(EXPORTS)) {
      const files = typeof target === 'string' ? [target] : Object.values(target);
      for (const file of files) expect(statSync(join(packageFolder, file)).isFile(), path).toBe(true);
      if (typeof target !== 'string') expect(Object.keys(target)[0]).toBe('types');
    }
    for (const file of manifest.sideEffects.filter((file: string) => file.startsWith('./dist/'))) {
      expect(statSync(join(packageFolder, file)).isFile(), file).toBe(true);
    }
  });

  it('has no sources, tests or scripts of ours', () => {
    const top = readdirSync(packageFolder).sort();
    expect(top).toEqual(
      ['CHANGELOG.md', 'CONTRIBUTING.md', 'LICENSE', 'README.md', 'SECURITY.md'].concat([
        'dist',
        'docs',
        'examples',
        'package.json',
      ]),
    );
  });

  it('runs its command line', async () => {
    const name = process.platform === 'win32' ? 'presieve.cmd' : 'presieve';
    expect(await run(project, join(project, 'node_modules/.bin', name), '--version')).toContain(
      manifest.version,
    );
  });

  it('hashes pictures with the package sharp, and says so where that is not installed', async () => {
    const photo = join(packageFolder, 'examples/demo/gallery/cat.jpg');
    const cli = (folder: string) => {
      const path = join(folder, 'node_modules/presieve', manifest.bin.presieve);
      return run(folder, process.execPath, path, 'hash', '--json', photo);
    };
    await expect(cli(project)).rejects.toThrow(
      'pictures need the package sharp, which is not installed: npm install sharp',
    );
    const withSharp = makeProject(inject('packed'), 'with-sharp', [], ['sharp']);
    expect(JSON.parse(await cli(withSharp)).pdq).toMatch(/^[0-9a-f]{64}$/);
  });

  it('hashes HEIC with the package libheif-js, and says so where that is not installed', async () => {
    const heic = join(CHECKOUT, 'test/data/heic/boats.heic');
    const cli = (folder: string) => {
      const path = join(folder, 'node_modules/presieve', manifest.bin.presieve);
      return run(folder, process.execPath, path, 'hash', '--json', heic);
    };
    const without = makeProject(inject('packed'), 'without-libheif', [], ['sharp']);
    expect(await cli(without)).toContain(
      'HEIC pictures need the package libheif-js, which is not installed: npm install libheif-js',
    );
    const withBoth = makeProject(inject('packed'), 'with-libheif', [], ['sharp', 'libheif-js']);
    expect(JSON.parse(await cli(withBoth)).pdq).toMatch(/^[0-9a-f]{64}$/);
  });

  it('holds nothing of libheif, whose licence is another', () => {
    const part = readFileSync(join(packageFolder, 'dist/parts/heic.part.js'), 'utf8');
    expect(part.length).toBeLessThan(20_000);
    const isOurs = (file: string) => /^heic(\.part)?\.(js|d\.ts)$/.test(file);
    const named = readdirSync(join(packageFolder, 'dist/parts')).filter((file) => /hei[cf]/.test(file));
    expect(named.filter((file) => !isOurs(file))).toEqual([]);
  });
});

describe('an import', () => {
  it.each(FOR_PAGES)('of %s touches nothing that a server lacks', async (path) => {
    // Whoever reads one of these on the way fails; what is left running would keep the process from ending.
    const script = `
      for (const name of ['window', 'self', 'document', 'navigator', 'location', 'Worker', 'fetch', 'indexedDB', 'caches',
        'localStorage', 'crypto', 'setTimeout', 'setInterval', 'queueMicrotask', 'addEventListener', 'WebAssembly']) {
        const before = globalThis[name];
        Object.defineProperty(globalThis, name, { get() { if (armed) throw new Error(name + ' was read'); return before; } });
      }
      let armed = true;
      const names = Object.getOwnPropertyNames(globalThis).length;
      const entry = await import('${specifier(path)}');
      armed = false;
      if (Object.keys(entry).length === 0) throw new Error('nothing is exported');
      if (Object.getOwnPropertyNames(globalThis).length !== names) throw new Error('a global was made');
    `;
    writeFileSync(join(project, 'import.js'), script);
    await run(project, process.execPath, 'import.js');
  });

  it('of the client scans nothing on a server, and says why', async () => {
    const script = `
      const { createScanner, scanBeforeUpload } = await import('presieve');
      const { demoList } = await import('presieve/demo');
      const outcome = await scanBeforeUpload(new Blob(['x']));
      const error = await createScanner({ lists: [demoList] }).scan(new Blob(['x'])).catch((error) => error);
      console.log(JSON.stringify([outcome.reason, error.code]));
    `;
    writeFileSync(join(project, 'server.js'), script);
    expect(JSON.parse(await run(project, process.execPath, 'server.js'))).toEqual([
      'no-list',
      'worker-unavailable',
    ]);
  });

  it.each(FOR_PAGES)('of %s for nothing leaves nothing in a bundle', async (path) => {
    expect(await bundle(`import '${specifier(path)}'; import * as all from '${specifier(path)}';`)).toBe('');
  });

  it('of the publisher by a page does not resolve', async () => {
    await expect(bundle(`export * from 'presieve/publisher'`)).rejects.toThrow(/publisher/);
  });

  it('of the client brings neither a worker nor a part nor the demo list', async () => {
    const code = await bundle(`export { createScanner, scanBeforeUpload, configure } from 'presieve'`);
    // The longest line of base64 in it is no kernel, list or model.
    expect(code).not.toMatch(/[A-Za-z0-9+/]{1000}/);
  });
});

/** Upper bounds in KiB gzipped, not far above what was measured; who goes beyond one looks at why first. */
const LIMITS_KIB: Record<string, number> = {
  'dist/worker/scan.worker.js': 105,
  'dist/trust/trust.worker.js': 43,
};
const CLIENT_LIMIT_KIB = 20;

describe('its weight', () => {
  const gzippedKib = (bytes: Uint8Array) => gzipSync(bytes).length / 1024;

  it.each(Object.entries(LIMITS_KIB))('%s is below %d KiB gzipped', (file, limit) => {
    const kib = gzippedKib(readFileSync(join(packageFolder, file)));
    console.log(`${file}: ${kib.toFixed(1)} KiB gzipped`);
    expect(kib).toBeLessThan(limit);
    // Far below the bound means that something is missing.
    expect(kib).toBeGreaterThan(limit / 3);
  });

  it(`the client is below ${CLIENT_LIMIT_KIB} KiB gzipped in a page's bundle`, async () => {
    const kib = gzippedKib(Buffer.from(await bundle(`export * from 'presieve'`)));
    console.log(`client: ${kib.toFixed(1)} KiB gzipped`);
    expect(kib).toBeLessThan(CLIENT_LIMIT_KIB);
    expect(kib).toBeGreaterThan(CLIENT_LIMIT_KIB / 3);
  });

  it('every worker file imports nothing', () => {
    for (const file of Object.keys(LIMITS_KIB)) {
      const code = readFileSync(join(packageFolder, file), 'utf8');
      expect(code, file).not.toMatch(/(^|[;}\n])\s*import\s*["'{*\w]|\bfrom\s*["']/);
    }
  });
});

describe('its types', () => {
  const ALL = Object.keys(EXPORTS).filter((path) => !path.endsWith('.json'));
  // A page's project has no types of Node; with them, TypeScript's strictest setting fails in those themselves.
  it.each([
    {
      user: 'page',
      entries: FOR_PAGES,
      module: 'preserve',
      moduleResolution: 'bundler',
      exactOptionalPropertyTypes: true,
    },
    { user: 'node', entries: ALL, module: 'nodenext', moduleResolution: 'nodenext', types: ['node'] },
  ])('compile in the project of a $user', async ({ user, entries, ...options }) => {
    const folder = makeProject(inject('packed'), `types-${user}`, [], ['typescript', '@types/node']);
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    writeFileSync(
      join(folder, 'index.ts'),
      `${entries.map((path, i) => `export * as entry${i} from '${specifier(path)}';`).join('\n')}
      import { createScanner, type Outcome } from 'presieve';
      export const outcome: Promise<Outcome> = createScanner({ search: 'fast' }).scan(new Blob());
      // @ts-expect-error: no such preset
      createScanner({ search: 'none' });`,
    );
    const compilerOptions = {
      ...options,
      types: options.types ?? [],
      strict: true,
      noUncheckedIndexedAccess: true,
      skipLibCheck: false,
      noEmit: true,
      target: 'es2022',
      lib: ['es2022', 'dom', 'dom.iterable'],
    };
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['index.ts'] }));
    await run(folder, process.execPath, 'node_modules/typescript/bin/tsc', '-p', '.');
  });
});

/** Bundles code for a page, from the project that has the package installed. */
async function bundle(code: string): Promise<string> {
  const { outputFiles } = await esbuild.build({
    stdin: { contents: code, resolveDir: project },
    bundle: true,
    minify: true,
    write: false,
    format: 'esm',
    platform: 'browser',
    legalComments: 'none',
    logLevel: 'silent',
  });
  return outputFiles[0].text;
}
