/**
 * Every file of src/ opens with a `@module` comment, and every export that a user can reach has a docblock.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const problems = [];

function sources(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === 'generated' ? [] : sources(path);
    return /\.ts$/.test(entry.name) ? [path] : [];
  });
}

for (const file of sources(join(root, 'src'))) {
  const path = relative(root, file);
  const text = readFileSync(file, 'utf8');
  if (!/^(#!.*\n)?\/\*\*[\s\S]*?@module\s*\*\//.test(text))
    problems.push(`${path}: no "@module" comment at the top`);
  const lines = text.split('\n');
  lines.forEach((line, i) => {
    const declared =
      /^export (?:declare )?(?:abstract )?(?:async )?(?:function\*?|class|interface|type|const|enum) (\w+)/.exec(
        line,
      );
    if (!declared) return;
    let above = i - 1;
    // One docblock may serve a group of constants.
    while (above >= 0 && /^@|^\s*\/\/ biome-ignore|^export const \w+.*;$/.test(lines[above])) above--;
    if (!/\*\/\s*$/.test(lines[above] ?? ''))
      problems.push(`${path}:${i + 1}: "${declared[1]}" has no docblock`);
  });
}
if (problems.length > 0) {
  console.error(problems.join('\n'));
  process.exit(1);
}
console.log('docblocks are there');
