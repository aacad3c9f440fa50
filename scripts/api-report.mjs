/**
 * The public surface, types included, as text: one report an entry under test/package/api/, compared in `npm run typecheck`.
 *
 *     node scripts/api-report.mjs            fails where the surface differs from the reports
 *     node scripts/api-report.mjs --update   writes the reports anew (`npm run api:update`)
 *
 * A report has what the entry exports, by name, and then every other type of the package that those reach. Comments are left
 * out, and so is the order of declarations in the sources.
 * @module
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const REPORTS = join(ROOT, 'test/package/api');
const HOW = 'npm run api:update';

/** @returns {Map<string, string>} source file of each entry that has types, by the name of its report */
export function entrySources() {
  const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
  const found = new Map();
  for (const [path, target] of Object.entries(exports)) {
    if (typeof target.types !== 'string') continue;
    const name = path === '.' ? 'presieve' : path.slice(2).replaceAll('/', '-');
    found.set(name, join(ROOT, target.types.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')));
  }
  return found;
}

/** Emits declarations of the sources in memory: what dist/ would hold, without a build. */
function declarations(files) {
  const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  const emitOptions = {
    ...options,
    noEmit: false,
    declaration: true,
    emitDeclarationOnly: true,
    noCheck: true,
  };
  const host = ts.createCompilerHost(emitOptions);
  const { getSourceFile } = host;
  const parsed = new Map();
  host.getSourceFile = (path, ...rest) => {
    if (!parsed.has(path)) parsed.set(path, getSourceFile.call(host, path, ...rest));
    return parsed.get(path);
  };
  const program = ts.createProgram(files, emitOptions, host);
  const emitted = new Map();
  program.emit(undefined, (path, text) => emitted.set(path, text), undefined, true);
  return { options, emitted, parsed };
}

/** A program over the emitted declarations. */
function declarationProgram({ options, emitted, parsed }, files) {
  const host = ts.createCompilerHost(options);
  const { fileExists, readFile, getSourceFile } = host;
  // The folders need not be there.
  host.directoryExists = undefined;
  host.fileExists = (path) => emitted.has(path) || fileExists(path);
  host.readFile = (path) => emitted.get(path) ?? readFile(path);
  host.getSourceFile = (path, version, ...rest) =>
    emitted.has(path)
      ? ts.createSourceFile(path, emitted.get(path), version, true)
      : (parsed.get(path) ?? getSourceFile.call(host, path, version, ...rest));
  return ts.createProgram(files, { ...options, noEmit: true }, host);
}

const printer = ts.createPrinter({ removeComments: true });

function printed(declaration) {
  const node = ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
  return printer.printNode(ts.EmitHint.Unspecified, node, node.getSourceFile());
}

/** @returns the report of one entry */
function report(program, file, emitted) {
  const checker = program.getTypeChecker();
  const real = (symbol) => (symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol);
  const module = checker.getSymbolAtLocation(program.getSourceFile(file));
  const exported = checker.getExportsOfModule(module);
  const seen = new Set();
  const reached = [];
  const visit = (symbol, isExport) => {
    if (seen.has(symbol)) return [];
    seen.add(symbol);
    const own = (symbol.declarations ?? []).filter((node) => emitted.has(node.getSourceFile().fileName));
    if (!isExport && own.length > 0) reached.push(symbol);
    for (const declaration of own) {
      const walk = (node) => {
        if (ts.isIdentifier(node)) {
          const target = checker.getSymbolAtLocation(node);
          const isTop = (node) => ts.isSourceFile(node.parent) || ts.isVariableDeclaration(node);
          if (target && real(target).declarations?.some(isTop)) visit(real(target), false);
        }
        ts.forEachChild(node, walk);
      };
      walk(declaration);
    }
    return own;
  };
  const byName = (a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0);
  const exports = [...exported].sort(byName).map((symbol) => ({ name: symbol.name, symbol: real(symbol) }));
  for (const { symbol } of exports) seen.add(symbol);
  for (const { symbol } of exports) {
    seen.delete(symbol);
    visit(symbol, true);
  }
  const text = ({ declarations = [] }) => declarations.map(printed).join('\n');
  return [
    '## Exported',
    ...exports.map(({ name, symbol }) =>
      fenced(symbol.name === name ? text(symbol) : `// as ${name}\n${text(symbol)}`),
    ),
    '## Reached by those, not exported',
    ...reached.sort(byName).map((symbol) => fenced(text(symbol))),
  ].join('\n\n');
}

const fenced = (code) => `\`\`\`ts\n${code}\n\`\`\``;

/** @returns {Map<string, string>} the reports by the names of their files */
export function apiReports() {
  const sources = entrySources();
  const built = declarations([...sources.values()]);
  const outputOf = (source) =>
    source.replace(`${join(ROOT, 'src')}`, join(ROOT, 'dist')).replace(/\.ts$/, '.d.ts');
  const program = declarationProgram(built, [...sources.values()].map(outputOf));
  return new Map(
    [...sources].map(([name, source]) => [
      `${name}.api.md`,
      `# ${relative(ROOT, source).replaceAll('\\', '/')}\n\nGenerated by scripts/api-report.mjs (\`${HOW}\`). Do not edit.\n\n` +
        `${report(program, outputOf(source), built.emitted)}\n`,
    ]),
  );
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const reports = apiReports();
  if (process.argv.includes('--update')) {
    mkdirSync(REPORTS, { recursive: true });
    for (const [name, text] of reports) writeFileSync(join(REPORTS, name), text);
    console.log(`wrote ${[...reports.keys()].join(', ')}`);
  } else {
    const read = (name) => (existsSync(join(REPORTS, name)) ? readFileSync(join(REPORTS, name), 'utf8') : '');
    const different = [...reports].filter(([name, text]) => read(name) !== text).map(([name]) => name);
    const stale = existsSync(REPORTS) ? readdirSync(REPORTS).filter((name) => !reports.has(name)) : [];
    if (different.length + stale.length > 0) {
      console.error(
        `The public surface differs from ${relative(ROOT, REPORTS)}: ${[...different, ...stale].join(', ')}.\n` +
          `If that is meant, run \`${HOW}\`, look at the difference, and commit it.`,
      );
      process.exit(1);
    }
    console.log('the public surface is as reported');
  }
}
