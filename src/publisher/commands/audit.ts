/**
 * `presieve audit URL|DIR --root root.json`: every version on record, and whether others were shown the same.
 * @module
 */
import { Command } from 'commander';
import { TrustError } from '../../trust/errors.js';
import { PublisherError } from '../errors.js';
import { printable } from '../output.js';
import { readWhole } from '../read-whole.js';
import {
  type Audit,
  type AuditedVersion,
  auditRepository,
  compareAudits,
  compareHeads,
  type ExportedHeads,
} from '../repository/audit.js';
import { repositoryAddress } from '../repository/verify.js';
import { type CommandContext, collectValues } from './context.js';

interface Options {
  root: string;
  against?: string[];
  json?: true;
}

/** Makes the command. */
export function auditCommand(context: CommandContext): Command {
  return new Command('audit')
    .description('list every version of a repository and its approvals, and compare it with others')
    .argument('<place>', 'address or folder that holds metadata/ and targets/')
    .requiredOption('--root <file>', 'root metadata to start from')
    .option(
      '--against <place>',
      'a mirror, or a JSON file with the heads that a client knows (as repo verify --json prints them); repeated',
      collectValues,
    )
    .option('--json', 'print one JSON value')
    .action((place: string, options: Options) => audit(place, options, context));
}

async function audit(place: string, options: Options, { io, output, finish }: CommandContext): Promise<void> {
  const root = await readWhole(options.root);
  const record = await readRecord(place, root, io.now());
  const disagreements: string[] = [];
  const problems = [...record.problems];
  for (const other of options.against ?? []) {
    if (/\.json$/i.test(other) && !/^https?:/i.test(other)) {
      disagreements.push(...compareHeads(record, await readHeads(other), other));
      continue;
    }
    const mirror = await readRecord(other, root, io.now());
    problems.push(...mirror.problems.map((problem) => `${other}: ${problem}`));
    disagreements.push(...compareAudits(record, mirror));
  }
  if (problems.length > 0 || disagreements.length > 0) finish(1);
  if (options.json) {
    const { rootVersion, status, heads } = record.verification;
    const { versions } = record;
    const { lists } = status;
    await output.json({ repository: place, rootVersion, versions, lists, heads, problems, disagreements });
    return;
  }
  await output.text(
    ...record.versions.flatMap(describeVersion),
    ...problems.map((line) => printable(`problem: ${line}`)),
    ...disagreements.map((line) => printable(`DISAGREEMENT: ${line}`)),
    problems.length + disagreements.length === 0 ? 'no problem found' : '',
  );
}

async function readRecord(place: string, root: Uint8Array, now: number): Promise<Audit> {
  try {
    return await auditRepository(repositoryAddress(place), root, now);
  } catch (cause) {
    if (!(cause instanceof TrustError)) throw cause;
    throw new PublisherError('input-unreadable', `${place}: ${cause.message}`, { cause });
  }
}

async function readHeads(file: string): Promise<ExportedHeads> {
  const bytes = await readWhole(file);
  let heads: unknown;
  try {
    heads = (JSON.parse(new TextDecoder().decode(bytes)) as { heads?: unknown }).heads;
  } catch (cause) {
    throw new PublisherError('input-invalid', `${file}: not JSON`, { cause });
  }
  const isHead = (head: unknown): boolean => {
    const { version, sha256 } = (head ?? {}) as { version?: unknown; sha256?: unknown };
    return Number.isSafeInteger(version) && typeof sha256 === 'string';
  };
  if (typeof heads !== 'object' || heads === null || !Object.values(heads).every(isHead))
    throw new PublisherError(
      'input-invalid',
      `${file}: no heads such as {"heads":{"targets":{"version":1,"sha256":"…"}}}`,
    );
  return heads as ExportedHeads;
}

function describeVersion({
  role,
  version,
  sha256,
  expires,
  approvals,
  threshold,
  added,
}: AuditedVersion): string[] {
  const names = approvals.map(({ keyId, organisation }) => organisation ?? keyId.slice(0, 16)).join(', ');
  return [
    `${role} version ${version}  ${sha256}`,
    `  approved by ${approvals.length} (${threshold} needed): ${names}; until ${expires}`,
    ...added.map(({ path, entries, bytes, sha256: digest, urgentUntil }) => {
      const until = urgentUntil === undefined ? '' : `  until ${urgentUntil}`;
      return `  ${path}  ${entries} entries  ${bytes} bytes  SHA-256 ${digest}${until}`;
    }),
  ].map((line) => printable(line));
}
