/** The demo's gallery: every file is there, small, shown, and has its licence. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { expect, it } from 'vitest';
import { SAMPLES } from '../../examples/demo/samples.js';

const FOLDER = new URL('../../examples/demo/gallery/', import.meta.url);
const files = readdirSync(FOLDER).filter((name) => name !== 'LICENSES.md');
const licences = readFileSync(new URL('LICENSES.md', FOLDER), 'utf8');

it('shows each of its files once', () => {
  expect(SAMPLES.map(({ file }) => file).sort()).toEqual(files.sort());
});

it.each(files)('%s is small and has a licence', (file) => {
  expect(statSync(new URL(file, FOLDER)).size).toBeLessThanOrEqual(150_000);
  expect(licences).toContain(`\`${file}\``);
});
