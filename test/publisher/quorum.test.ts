import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { inspectSnapshot } from '../../src/publisher/inspect.js';
import { cli, hexHashes, jsonLines, workFolder } from './cli-harness.js';

const folder = workFolder();
const [A, B, C, D] = hexHashes(4, 64, 11);
let outs = 0;

/** Builds from the lines of each organisation. */
async function build(lists: Record<string, string[]>, ...options: string[]) {
  const out = folder.path(`out-${outs++}.snapshot`);
  const from = Object.entries(lists).flatMap(([name, lines]) => [
    '--from',
    `${name}=pdq:${folder.write(`${name}-${outs}.csv`, lines.join('\n'))}`,
  ]);
  const common = ['build', '--name', 'x', '--list-version', '1', '--salt', '0'.repeat(32), '--json'];
  const result = await cli([...common, '--out', out, ...from, ...options]);
  return { ...result, out };
}

async function labels(lists: Record<string, string[]>, quorum: number) {
  const result = await build(lists, '--quorum', String(quorum));
  expect(result, result.stderr).toMatchObject({ code: 0 });
  const { sections } = inspectSnapshot(readFileSync(result.out));
  return { ...jsonLines(result)[0], labels: sections.pdq?.labels };
}

describe('build --quorum', () => {
  it('takes in an entry that k organisations supplied; the same one twice is one organisation', async () => {
    const lists = { nl: [A, B, B], de: [A, C], uk: [A, C, D] };
    expect(await labels(lists, 1)).toMatchObject({ belowQuorum: 0, labels: { '': 4 } });
    expect(await labels(lists, 2)).toMatchObject({ belowQuorum: 2, labels: { '': 2 } });
    expect(await labels(lists, 3)).toMatchObject({ belowQuorum: 3, labels: { '': 1 } });
  });

  it('takes a label that k organisations gave, and else none', async () => {
    const lists = { nl: [`${A},A1`, `${B},A1`], de: [`${A},A1`, `${B},B2`], uk: [`${A},only-uk`] };
    const built = await labels(lists, 2);
    expect(built).toMatchObject({ unlabelled: 1, belowQuorum: 0, labels: { A1: 1, '': 1 } });
    expect(Object.keys(built.labels ?? {})).not.toContain('only-uk');
  });

  it('gives the same bytes whatever the order of the organisations, and what one alone says', async () => {
    const one = await build({ nl: [`${A},A1`, B], de: [`${A},A1`, B], uk: [`${A},X`, D] }, '--quorum', '2');
    const two = await build({ uk: [], de: [B, `${A},A1`], nl: [B, `${A},A1`] }, '--quorum', '2');
    expect(readFileSync(two.out).equals(readFileSync(one.out))).toBe(true);
  });

  it('lets one organisation remove: by its list of removals, whoever else has the entry', async () => {
    const removals = folder.write('removals.txt', A);
    const lists = { nl: [A, B], de: [A, B], uk: [A, B] };
    const result = await build(lists, '--quorum', '2', '--exclude', removals);
    expect(jsonLines(result)[0]).toMatchObject({ excluded: 3, sections: { pdq: { entries: 1 } } });
  });

  it('refuses lists of nobody, a quorum above the organisations, and --from of another shape', async () => {
    const list = folder.write('list.txt', A);
    const cases: [string[], string][] = [
      [['--quorum', '1', '--pdq', list], 'needs the organisation'],
      [['--quorum', '2', '--from', `nl=pdq:${list}`], 'which is 1'],
      [['--quorum', '0', '--from', `nl=pdq:${list}`], 'from 1 to'],
      [['--from', `nl=${list}`], 'it must be ORG='],
      [['--from', `nl=photo:${list}`], 'it must be ORG='],
    ];
    for (const [options, message] of cases) {
      const result = await build({}, ...options);
      expect(result).toMatchObject({ code: 2, stdout: '' });
      expect(result.stderr).toContain(message);
    }
  });
});

describe('build --embargo', () => {
  it("holds hashes back until a date, by the list's own time", async () => {
    const held = folder.write('held.txt', A);
    const list = { nl: [A, B] };
    const before = await build(list, '--embargo', `${held},2026-03-01`, '--created', '2026-02-28');
    expect(jsonLines(before)[0]).toMatchObject({ heldBack: 1, sections: { pdq: { entries: 1 } } });
    expect(before.stderr).toContain('1 hash held back by --embargo');
    const after = await build(list, '--embargo', `${held},2026-03-01`, '--created', '2026-03-01');
    expect(jsonLines(after)[0]).toMatchObject({ heldBack: 0, sections: { pdq: { entries: 2 } } });
    expect((await build(list, '--embargo', held)).code).toBe(2);
    expect((await build(list, '--embargo', `${held},soon`)).code).toBe(2);
  });
});
