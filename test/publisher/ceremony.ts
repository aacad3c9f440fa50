/**
 * Three organisations and a publisher in folders of their own, who do everything by the command line.
 * @module
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { type CliConditions, type CliResult, cli, hexHashes, jsonLines } from './cli-harness.js';

export const LIST = 'hotline';
export const ORGANISATIONS = ['alpha', 'beta', 'gamma'] as const;
export type Organisation = (typeof ORGANISATIONS)[number];
const HOUR = 3_600_000;
export const DAY = 24 * HOUR;

/** See the module. */
export class Ceremony {
  readonly folder = mkdtempSync(join(tmpdir(), 'presieve-repo-'));
  readonly dir = this.path('repository');
  readonly out = this.path('public');
  readonly root = this.path('public/metadata/1.root.json');
  /** Milliseconds since 1970. */
  now = Date.now();

  path(name: string): string {
    return join(this.folder, name);
  }

  write(name: string, content: string): string {
    writeFileSync(this.path(name), content);
    return this.path(name);
  }

  close(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Runs a command. */
  run(argv: readonly string[], conditions: CliConditions = {}): Promise<CliResult> {
    return cli(argv, { now: this.now, ...conditions });
  }

  /** Runs a command that has to work. @returns its one JSON value */
  async must<T = Record<string, unknown>>(...argv: string[]): Promise<T> {
    const result = await this.run([...argv, '--json']);
    expect(result, result.stderr).toMatchObject({ code: 0 });
    return jsonLines<T>(result)[0];
  }

  /** Runs a command that has to fail with exit code 2. @returns what it said */
  async fails(...argv: string[]): Promise<string> {
    const result = await this.run(argv);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    return result.stderr;
  }

  key(name: string): string {
    return this.path(`${name}.key`);
  }

  async keygen(...names: string[]): Promise<void> {
    for (const name of names) await this.must('keygen', '--out', this.key(name));
  }

  /** A repository of three organisations, two of which must sign, and an urgent role of 10 entries. */
  async init(...options: string[]): Promise<void> {
    await this.keygen(...ORGANISATIONS, 'snapshot', 'timestamp');
    const orgs = ORGANISATIONS.flatMap((name) => ['--org', `${name}=${this.key(name)}.pub`]);
    const online = ['snapshot', 'timestamp'].flatMap((role) => [`--${role}-key`, `${this.key(role)}.pub`]);
    await this.must(
      'repo',
      'init',
      this.dir,
      '--name',
      LIST,
      ...orgs,
      '--threshold',
      '2',
      ...online,
      '--urgent',
      '10',
      ...options,
    );
    for (const role of ['root', 'urgent']) for (const name of ['alpha', 'beta']) await this.sign(role, name);
  }

  /** Lists of the organisations: hashes from 0 up to `counts` of each; so alpha's first ones are beta's, too. */
  lists(counts: Record<Organisation, number>): string[] {
    const hashes = hexHashes(1000, 64, 5);
    return ORGANISATIONS.flatMap((name) => {
      const file = this.write(`${name}.txt`, hashes.slice(0, counts[name]).join('\n'));
      return ['--from', `${name}=pdq:${file}`];
    });
  }

  /** Builds a version. @returns its path */
  async build(version: number, inputs: readonly string[], base?: string): Promise<string> {
    const out = this.path(`${version}.snapshot`);
    const created = String(Math.floor(this.now / 1000));
    const carried = base === undefined ? ['--name', LIST] : ['--base', base];
    await this.must(
      'build',
      ...carried,
      '--list-version',
      String(version),
      '--created',
      created,
      '--out',
      out,
      ...inputs,
    );
    return out;
  }

  sign(role: string, name: string, ...options: string[]): Promise<Record<string, unknown>> {
    return this.must('repo', 'sign', this.dir, '--role', role, '--key', this.key(name), ...options);
  }

  publish(...also: string[]): Promise<Record<string, unknown>> {
    return this.must('repo', 'publish', this.dir, this.out, ...this.onlineKeys(), ...also);
  }

  onlineKeys(): string[] {
    return ['--key', this.key('snapshot'), '--key', this.key('timestamp')];
  }

  /** Builds, adds, has two organisations sign and publishes. @returns the snapshot's path */
  async release(version: number, counts: Record<Organisation, number>, base?: string): Promise<string> {
    const inputs = [...this.lists(counts), '--quorum', '2'];
    const snapshot = await this.build(version, inputs, base);
    await this.must('repo', 'add', this.dir, snapshot);
    for (const name of ['alpha', 'gamma']) await this.sign('targets', name, ...inputs);
    await this.publish();
    return snapshot;
  }

  /** @returns what the web server has, by path */
  files(folder = this.out): Map<string, Uint8Array> {
    const found = new Map<string, Uint8Array>();
    const visit = (path: string) => {
      for (const name of readdirSync(join(folder, path))) {
        const below = path === '' ? name : `${path}/${name}`;
        if (statSync(join(folder, below)).isDirectory()) visit(below);
        else found.set(below, Uint8Array.from(readFileSync(join(folder, below))));
      }
    };
    visit('');
    return found;
  }
}
