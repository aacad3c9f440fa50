/**
 * Deltas for lists of several sizes at 0.1 % churn: sizes, bytes of an entry added or removed, times, memory.
 * @module
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir, type } from 'node:os';
import { join } from 'node:path';
import { defaultCapacity } from '../../src/publisher/list-header.js';
import { makeDelta } from '../../src/snapshot/delta-make.js';
import { readDeltaHeader } from '../../src/snapshot/delta-read.js';
import { encodeSnapshot } from '../../src/snapshot/encode.js';
import { defaultParameters } from '../../src/snapshot/parameters.js';
import { sectionFromHashes } from '../../src/snapshot/section.js';
import { SIGNAL_BYTES, type Signal } from '../../src/snapshot/types.js';
import { sha256Hex } from '../../src/trust/bytes.js';
import { launchChromium, openPage, startServer, type TestPage } from '../../test/support/browser.js';
import { seededBytes } from '../../test/support/lists.js';
import { medianSteps, type Steps, sumSteps, takeSteps } from './steps.js';

/** Entries that go, and as many that come, of each thousand. */
const CHURN = 1;
const LABELS = ['A1', 'A2', 'B1', 'B2'];
const LISTS: readonly { what: string; signals: readonly Signal[]; sketchBits: number }[] = [
  { what: 'PDQ, 64-bit sketch', signals: ['pdq'], sketchBits: 64 },
  { what: 'PDQ, 96-bit sketch', signals: ['pdq'], sketchBits: 96 },
  { what: 'SHA-256', signals: ['sha256'], sketchBits: 96 },
  { what: 'PDQ (96) and SHA-256', signals: ['pdq', 'sha256'], sketchBits: 96 },
];

/** One list of one size. */
interface DeltaRow {
  list: string;
  /** Of each signal. */
  entries: number;
  removed: number;
  added: number;
  snapshotBytes: number;
  deltaBytes: number;
  /** Of each section. */
  bytesPerAddition: readonly number[];
  bytesPerRemoval: readonly number[];
  makeMs: number;
  node: Steps;
  chromium: Steps;
  /** What applying took at the peak in a Node process of its own, base and delta not counted; null off Linux. */
  applyPeakBytes: number | null;
}

/** @param args - `--large`: ten million entries, too */
export async function main(args: readonly string[], root: string): Promise<void> {
  const sizes = [100_000, 1_000_000, ...(args.includes('--large') ? [10_000_000] : [])];
  const folder = mkdtempSync(join(tmpdir(), 'presieve-delta-'));
  const browser = await launchChromium();
  const rows: DeltaRow[] = [];
  try {
    for (const entries of sizes) {
      for (const list of LISTS) {
        const row = await measure(list, entries, folder, root, browser);
        rows.push(row);
        console.log(tell(row));
      }
    }
    const machine = `${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, ${type()}`;
    const engines = { node: process.version, chromium: browser.version() };
    const report = { machine, ...engines, labels: LABELS.length, churnPerMille: CHURN, rows };
    writeFileSync(join(root, 'docs/delta.json'), `${JSON.stringify(report, null, 2)}\n`);
  } finally {
    await browser.close();
    rmSync(folder, { recursive: true });
  }
}

async function measure(
  { what, signals, sketchBits }: (typeof LISTS)[number],
  entries: number,
  folder: string,
  root: string,
  browser: Awaited<ReturnType<typeof launchChromium>>,
): Promise<DeltaRow> {
  const changed = (entries * CHURN) / 1000;
  const { base, next } = makeVersions(signals, sketchBits, entries, changed);
  const started = performance.now();
  const delta = makeDelta(base, next);
  const makeMs = performance.now() - started;
  const wanted = sha256Hex(next);
  const rounds = entries > 1_000_000 ? 3 : 7;

  const all: Steps[] = [];
  for (let round = -1; round < rounds; round++) {
    const { steps, sha256 } = await takeSteps(base, delta);
    if (sha256 !== wanted) throw new Error('the delta gives other bytes');
    if (round >= 0) all.push(steps);
  }
  const server = await startServer();
  server.files.set('/base', { body: base });
  server.files.set('/delta', { body: delta });
  server.files.set('/page.js', {
    body: readFileSync(join(root, 'build/delta/page.js')),
    type: 'text/javascript',
  });
  const page = await openPage(browser, server);
  const chromium = await page.evaluate(async (count) => {
    const steps = await (globalThis as TestPage).load<typeof import('./page.js')>('/page.js');
    return steps.run(count);
  }, rounds);
  await page.context().close();
  await server.close();
  if (chromium.sha256 !== wanted) throw new Error('the delta gives other bytes in Chromium');

  const paths = ['base', 'delta'].map((name) => join(folder, name));
  writeFileSync(paths[0], base);
  writeFileSync(paths[1], delta);
  const peak =
    process.platform === 'linux'
      ? Number(execFileSync(process.execPath, [join(root, 'build/delta/memory.mjs'), ...paths]).toString())
      : null;

  const { sections } = readDeltaHeader(delta);
  const hundredths = (value: number) => Math.round(value * 100) / 100;
  return {
    list: what,
    entries,
    removed: changed,
    added: changed,
    snapshotBytes: next.length,
    deltaBytes: delta.length,
    bytesPerAddition: sections.map(({ bytes, removalBytes, added }) =>
      hundredths((bytes.length - removalBytes) / added),
    ),
    bytesPerRemoval: sections.map(({ removalBytes, removed }) => hundredths(removalBytes / removed)),
    makeMs: Math.round(makeMs),
    node: medianSteps(all),
    chromium: chromium.steps,
    applyPeakBytes: peak,
  };
}

/** Two versions of a list of made-up hashes: the first `changed` entries of each signal go, as many come. */
function makeVersions(
  signals: readonly Signal[],
  sketchBits: number,
  entries: number,
  changed: number,
): { base: Uint8Array; next: Uint8Array } {
  const capacity = defaultCapacity(entries);
  const parameters = defaultParameters({ capacity, sketchBits, salt: seededBytes(16, 7) });
  const made = signals.map((signal) => seededBytes((entries + changed) * SIGNAL_BYTES[signal], 99));
  const build = (first: number, version: number) => {
    const ids = Uint16Array.from({ length: entries }, (_, i) => (first + i) % LABELS.length);
    const sections = signals.map((signal, i) => {
      const size = SIGNAL_BYTES[signal];
      const hashes = made[i].subarray(first * size, (first + entries) * size);
      return sectionFromHashes(parameters, signal, hashes, ids);
    });
    const header = { ...parameters, name: 'bench', version, demo: false, createdSeconds: 1_700_000_000 };
    return encodeSnapshot(header, LABELS, sections);
  };
  return { base: build(0, 1), next: build(changed, 2) };
}

function tell(row: DeltaRow): string {
  const total = (steps: Steps) => `${Math.round(sumSteps(steps))} ms (apply ${Math.round(steps.applyMs)})`;
  return (
    `${row.entries.toLocaleString('en').padStart(10)} ${row.list.padEnd(20)} snapshot ${row.snapshotBytes}, ` +
    `delta ${row.deltaBytes}; an addition ${row.bytesPerAddition}, a removal ${row.bytesPerRemoval} bytes; ` +
    `Node ${total(row.node)}, Chromium ${total(row.chromium)}; peak ${Math.round((row.applyPeakBytes ?? 0) / 2 ** 20)} MiB`
  );
}
