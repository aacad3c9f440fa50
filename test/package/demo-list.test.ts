/** The embedded demo list holds the listed pictures of the gallery and says that it is a demo. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { SAMPLES } from '../../examples/demo/samples.js';
// @ts-expect-error: a plain script
import { buildDemoList } from '../../scripts/build-demo-list.mjs';
import { demoList } from '../../src/demo/index.js';
import { openExactSet } from '../../src/snapshot/exact-set.js';
import { readSnapshot } from '../../src/snapshot/read.js';

const snapshot = readSnapshot(demoList);
const digestOf = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest();

describe('the demo list', () => {
  it('says that it is a demo', () => {
    expect(snapshot.header).toMatchObject({ demo: true, name: 'Presieve demo list', version: 1 });
    expect([...snapshot.labels]).toContain('demo-photo');
  });

  it('checks SHA-256 and PDQ', () => {
    expect([...snapshot.sections.keys()].sort()).toEqual(['pdq', 'sha256']);
  });

  it.each(SAMPLES.map(({ file, group }) => [file, group === 'listed'] as const))(
    'holds %s: %s',
    (file, listed) => {
      const bytes = readFileSync(new URL(`../../examples/demo/gallery/${file}`, import.meta.url));
      const labels = openExactSet(snapshot, 'sha256').lookup(digestOf(bytes));
      expect(labels.map((id) => snapshot.labels[id])).toEqual(listed ? ['demo-photo'] : []);
    },
  );

  it('is built from the gallery, byte for byte the same each time', async () => {
    const { sha256 } = (await buildDemoList()) as { sha256: string };
    expect(sha256).toBe(digestOf(demoList).toString('hex'));
  });
});
