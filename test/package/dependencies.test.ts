/** Every dependency has its line in docs/dependencies.md, with the licence that its own package.json names. */
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const { dependencies, devDependencies, optionalDependencies, peerDependencies } = JSON.parse(
  read('package.json'),
);
const names = [dependencies, devDependencies, optionalDependencies, peerDependencies].flatMap((group) =>
  Object.keys(group ?? {}),
);
/** Names (`*` stands for anything at the end) to what the second column says. */
const lines = new Map(
  [...read('docs/dependencies.md').matchAll(/^\| ([^|]+) \| ([^|]+) \|/gm)].map(([, name, licence]) => [
    name,
    licence,
  ]),
);
const lineOf = (name: string) =>
  lines.get(name) ??
  [...lines].find(([line]) => line.endsWith('*') && name.startsWith(line.slice(0, -1)))?.[1];

it.each(names)('%s', (name) => {
  const line = lineOf(name);
  expect(line, 'no line in docs/dependencies.md').toBeDefined();
  const { license } = JSON.parse(read(`node_modules/${name}/package.json`)) as { license: string };
  for (const part of license.split(' OR ')) expect(line).toContain(part);
});

it('no line is left over', () => {
  for (const line of lines.keys()) {
    if (line === 'package' || line.startsWith('-')) continue;
    expect(
      names.some((name) => name === line || (line.endsWith('*') && name.startsWith(line.slice(0, -1)))),
    ).toBe(true);
  }
});
