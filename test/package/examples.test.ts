/**
 * Every `ts` example in the docblocks, in README and in docs/ compiles, as a module of an app that has the package and
 * a bundler. An example may leave out the imports of what the package exports, and use what an app has (`APP`).
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import ts from 'typescript';
import { expect, it } from 'vitest';
// @ts-expect-error: a plain script
import { entrySources } from '../../scripts/api-report.mjs';
import { CHECKOUT } from '../support/packed-package.js';

/** What examples take for granted. */
const APP = `
declare global {
  const file: File;
  const bytes: Uint8Array<ArrayBuffer>;
  const mySignal: import('presieve/signals').SignalType;
  const outcome: import('presieve').Outcome;
  const helpInOurCountry: import('presieve/words').Catalogue['help'];
  function show(...words: unknown[]): void;
  const signal: AbortSignal;
  const onProgress: () => void;
  function submit(value: unknown): Promise<void>;
  const input: HTMLInputElement;
  const form: HTMLFormElement;
  const lists: import('presieve').ListSource[];
  function compress(file: File): Promise<Blob>;
  function upload(file: Blob): Promise<void>;
  function askTheUser(outcome: import('presieve').Outcome): Promise<void>;
  function tellTheUser(outcome: import('presieve').Outcome): void;
  function render(lists: import('presieve').ScannerStatus['lists']): void;
}
export {};`;
const ASSETS = `
declare module '*-root.json' { const root: object; export default root; }
declare module '*?worker&url' { const url: string; export default url; }`;

const sources: ReadonlyMap<string, string> = entrySources();
const ENTRIES = new Map(
  [...sources].map(([name, file]) => [
    name === 'presieve' ? name : `presieve/${name.replace('parts-', 'parts/')}`,
    file,
  ]),
);

const sourceFiles = [...files('src', '.ts')].map((path) => join(CHECKOUT, path));

/** Each example's code by where it stands. */
const examples = new Map([...docblockExamples(), ...pageExamples()]);
const messages = compile(examples);

it('finds the examples', () => {
  expect([...examples.keys()].join('\n')).toMatch(/README\.md:\d+\n/);
  expect([...examples.keys()].join('\n')).toMatch(/src\/scanner\.ts:\d+\n/);
});

it.each([...examples.keys()])('%s compiles', (where) => {
  expect(messages.get(where) ?? []).toEqual([]);
});

it('would notice one that does not', () => {
  const [message] = compile(new Map([['x.md:1', `createScanner({ list: [] });`]])).get('x.md:1') ?? [];
  expect(message).toMatch(/'list' does not exist/);
});

function* files(folder: string, ending: string): Generator<string> {
  for (const entry of readdirSync(join(CHECKOUT, folder), { recursive: true, encoding: 'utf8' }).sort()) {
    const path = `${folder}/${entry.replaceAll('\\', '/')}`;
    if (path.endsWith(ending) && !path.includes('/generated/')) yield path;
  }
}

function* fences(path: string, text: string): Generator<[string, string]> {
  for (const match of text.matchAll(/^```ts\n([\s\S]*?)^```/gm)) {
    yield [`${path}:${text.slice(0, match.index).split('\n').length}`, match[1]];
  }
}

function* docblockExamples(): Generator<[string, string]> {
  for (const path of files('src', '.ts')) {
    const lines = readFileSync(join(CHECKOUT, path), 'utf8').split('\n');
    yield* fences(path, lines.map((line) => line.replace(/^\s*\* ?(?!\/)/, '')).join('\n'));
  }
}

function* pageExamples(): Generator<[string, string]> {
  for (const path of ['README.md', ...files('docs', '.md')]) {
    yield* fences(path, readFileSync(join(CHECKOUT, path), 'utf8'));
  }
}

/** @returns what the compiler says of each example; nothing for those that are right */
function compile(codes: ReadonlyMap<string, string>): Map<string, string[]> {
  const folder = join(CHECKOUT, 'test/package/virtual-examples');
  const virtual = new Map([
    [join(folder, 'app.ts'), APP],
    [join(folder, 'assets.d.ts'), ASSETS],
    [join(folder, 'average-hash.ts'), 'export const averageHash = mySignal;'],
  ]);
  const places = new Map<string, { where: string; line: number }>();
  const fileOf = (index: number) => join(folder, `example-${index}.ts`);
  const base = program(virtual);
  const checker = base.getTypeChecker();
  const exportsOf = (file: string, entry: string) => {
    const module = base.getSourceFile(file) && checker.getSymbolAtLocation(base.getSourceFile(file)!);
    return module ? checker.getExportsOfModule(module).map(({ name }) => ({ name, entry })) : [];
  };
  const exported = [...ENTRIES].flatMap(([entry, file]) => exportsOf(file, entry));
  [...codes].forEach(([where, code], index) => {
    const [path] = where.split(':');
    // A docblock's example may use its own module, too.
    const names = [...exported, ...exportsOf(join(CHECKOUT, path), `../../../${path.replace(/ts$/, 'js')}`)];
    const imports = names
      .filter(({ name }, i) => names.findIndex((other) => other.name === name) === i)
      .filter(({ name }) => new RegExp(`\\b${name}\\b`).test(code))
      .filter(
        ({ name }) =>
          !new RegExp(`import[^;]*\\b${name}\\b[^;]*from|(const|function|class|let) ${name}\\b`).test(code),
      )
      .map(({ name, entry }) => `import { ${name} } from '${entry}';`);
    virtual.set(fileOf(index), `${imports.join(' ')} export {};\n${code}`);
    places.set(fileOf(index), { where, line: Number(where.split(':')[1]) });
  });
  const found = new Map<string, string[]>();
  const whole = program(virtual, base);
  for (const [file, { where, line }] of places) {
    const source = whole.getSourceFile(file)!;
    const problems = [...whole.getSyntacticDiagnostics(source), ...whole.getSemanticDiagnostics(source)].map(
      ({ start = 0, messageText }) => {
        const at = source.getLineAndCharacterOfPosition(start).line + line;
        return `line ${at}: ${ts.flattenDiagnosticMessageText(messageText, '\n')}`;
      },
    );
    if (problems.length > 0) found.set(where, problems);
  }
  return found;
}

function program(virtual: ReadonlyMap<string, string>, before?: ts.Program): ts.Program {
  const options: ts.CompilerOptions = {
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.Preserve,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    lib: ['lib.es2022.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
    types: ['node'],
    skipLibCheck: true,
    noEmit: true,
    paths: {
      ...Object.fromEntries(
        [...ENTRIES].map(([name, file]) => [name, [`./${relative(CHECKOUT, file).replaceAll('\\', '/')}`]]),
      ),
      'presieve/parts/*': ['./src/parts/*.ts'],
    },
    pathsBasePath: CHECKOUT,
  };
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  host.getCurrentDirectory = () => CHECKOUT;
  // The virtual folder is nowhere.
  host.directoryExists = undefined;
  host.fileExists = (path) => virtual.has(path) || fileExists(path);
  host.readFile = (path) => virtual.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) => {
    const text = virtual.get(path);
    if (text !== undefined) return ts.createSourceFile(path, text, version, true);
    return before?.getSourceFile(path) ?? getSourceFile(path, version, ...rest);
  };
  return ts.createProgram([...virtual.keys(), ...sourceFiles], options, host);
}
