/**
 * The report as it is written to JSON, and as text.
 * @module
 */
import type { SearchPreset } from '../../src/scan/search-plan.js';
import type { Provenance } from '../provenance.js';
import type { PrintedPair } from './false-positives.js';
import type { FalsePositivesPart, FolderCount, RecallPart } from './measure.js';
import type { RecallRow, Tally } from './recall-table.js';
import { WAYS } from './ways.js';

/** Everything. */
export interface Report extends Provenance {
  /** Of the last minute, when the run began: its times are worth little where others kept the cores busy. */
  readonly loadAverage: number;
  readonly seed: number;
  readonly quick: boolean;
  readonly search: SearchPreset;
  readonly list: {
    readonly entries: number;
    readonly keyBits: number;
    readonly sketchBits: number;
    readonly layout: number;
    readonly fingerprintBits: number;
    readonly bitsAnEntry: number;
  };
  readonly recall?: RecallPart;
  readonly falsePositives?: FalsePositivesPart;
  readonly beyond31?: Beyond31;
}

/** What was accepted although no form of the upload is within 31 bits of the listed hash. */
export interface Beyond31 {
  /** Edited photos that were found, over all scans of the first part. */
  readonly right: number;
  /** Scans of both parts that matched another picture so. */
  readonly wrong: number;
  readonly precision: number | null;
  readonly precisionLower95: number;
}

const percent = (part: number, of: number) => `${((100 * part) / of).toFixed(1)}`.padStart(6);
const rate = (value: number | null) => (value === null ? '–' : value.toExponential(1));

/**
 * @param report - to be printed
 * @returns it as text
 */
export function reportText(report: Report): string {
  const { list, recall, falsePositives, beyond31 } = report;
  const lines = [
    `commit ${report.commit}, ${report.date}, ${report.machine}, Node ${report.node}, seed ${report.seed}`,
    `load ${report.loadAverage} at the beginning; search ${report.search}; lists of ${list.entries.toLocaleString('en')} entries, key ${list.keyBits}, sketch ${list.sketchBits}, layout ${list.layout}, ` +
      `fingerprint ${list.fingerprintBits} bits: ${list.bitsAnEntry.toFixed(1)} bits an entry`,
  ];
  if (recall !== undefined) lines.push('', ...recallLines(recall));
  if (falsePositives !== undefined) lines.push('', ...falsePositiveLines(falsePositives));
  if (beyond31 !== undefined) {
    const { right, wrong, precision, precisionLower95 } = beyond31;
    lines.push(
      '',
      `accepted beyond 31 bits: ${right} right, ${wrong} wrong` +
        (precision === null
          ? ''
          : `; precision ${(100 * precision).toFixed(2)} %, at least ${(100 * precisionLower95).toFixed(2)} % (95 %)`),
    );
  }
  return lines.join('\n');
}

function counts(photos: readonly FolderCount[]): string {
  return photos.map(({ folder, photos, listed }) => `${photos} ${folder} (of ${listed} listed)`).join(', ');
}

function recallLines({ part, photos, lowDetail, table, wrongMatches }: RecallPart): string[] {
  const ways = WAYS.filter((way) => table.total.lists[way] !== undefined);
  const folders = Object.keys(table.total.folders);
  const lines = [
    `RECALL, in percent. Photos: ${part}, ${counts(photos)}; too plain to be listed: ${lowDetail.length}.`,
    'Last columns: PDQ and found in the list full, by folder.',
    'PDQ: exhaustive search within 31 bits; +dih: with the eight dihedral forms; found: by the scan.',
    '',
    `${''.padEnd(36)}${ways.map((way) => `${way} (${table.total.lists[way]!.scans / table.edits.length} photos)`.padEnd(47)).join('')}${folders.map((folder) => folder.padStart(14)).join('')}`,
    `${''.padEnd(36)}${ways.map(() => '   PDQ   +dih  found    probes     ms  wrong'.padEnd(47)).join('')}${folders.map(() => '     PDQ found').join('')}`,
  ];
  const line = ({ name, lists, folders: byFolder }: RecallRow, indent: string) =>
    `${(indent + name).padEnd(36)}${ways.map((way) => tallyText(lists[way]!).padEnd(47)).join('')}` +
    folders.map((folder) => shareText(byFolder[folder])).join('');
  for (const group of table.groups) {
    lines.push(group.name);
    lines.push(...table.edits.filter((row) => row.group === group.name).map((row) => line(row, '  ')));
    lines.push(line({ ...group, name: '= all of them' }, '  '));
  }
  lines.push(line({ ...table.total, name: 'ALL EDITS' }, ''));
  lines.push(
    '',
    wrongMatches.length === 0 ? 'No scan matched another picture.' : 'Scans that matched another picture:',
  );
  for (const { photo, edit, way, label } of wrongMatches) {
    lines.push(`  ${photo}, ${edit}, list ${way}: ${label === '' ? 'a decoy' : label}`);
  }
  return lines;
}

function shareText({ scans, exhaustive, presieve }: Tally): string {
  return ` ${percent(exhaustive, scans)} ${percent(presieve, scans)}`;
}

function tallyText({
  scans,
  exhaustive,
  dihedral,
  presieve,
  medianProbes,
  medianLookupMs,
  wrong,
}: Tally): string {
  return (
    percent(exhaustive, scans) +
    ` ${percent(dihedral, scans)} ${percent(presieve, scans)}` +
    `${String(medianProbes).padStart(10)}${medianLookupMs.toFixed(1).padStart(7)}${String(wrong).padStart(7)}`
  );
}

function falsePositiveLines(part: FalsePositivesPart): string[] {
  const lines = [
    `FALSE POSITIVES. Photos: ${part.part}, ${counts(part.photos)}; each is scanned as if it alone were not listed.`,
    `A scan tries ${part.probes.median.toLocaleString('en')} patterns (median; most: ${part.probes.most.toLocaleString('en')}) on ${part.forms.median} forms.`,
    `Unrelated pictures, computed: ${rate(part.unrelatedRate.median)} false matches a file (with the most patterns: ${rate(part.unrelatedRate.most)}).`,
    '',
    `${''.padEnd(22)} files  plain | decoys   (95 %)  | pairs within 31 bits  | accepted pairs       | files with a false match`,
    `${''.padEnd(22)}              |                  |   as it is  dihedral  | same picture  false  |                   (95 %)`,
  ];
  for (const row of part.files) {
    lines.push(
      `${row.kind.padEnd(22)}${String(row.files).padStart(6)} ${String(row.lowDetail).padStart(6)} |` +
        `${String(row.decoyFiles).padStart(7)} ${`< ${rate(row.decoyUpper95)}`.padStart(9)} |` +
        `${String(row.exhaustivePairs).padStart(11)} ${String(row.dihedralPairs).padStart(9)}  |` +
        `${String(row.samePicturePairs).padStart(13)} ${String(row.falsePairs).padStart(6)}  |` +
        `${String(row.falseFiles).padStart(10)} ${`< ${rate(row.falseUpper95)}`.padStart(12)}`,
    );
  }
  lines.push(
    '',
    `Different pictures whose key is found, of ${part.orderedPairs.toLocaleString('en')} ordered pairs; excess: sketch bits beyond what is accepted (0 and below is accepted).`,
    'found within  pairs (unordered) |  excess: mean, sd, least   z | tail: normal  beta-bin.  exponential | accepted (95 %)  at +2 +4 +6 +8 +12 | whole hash: mean, sd, least   z   tail   within 31',
  );
  for (const row of part.pairs) {
    const { excess, full } = row;
    lines.push(
      `${row.within.padEnd(11)}${String(row.pairs).padStart(8)} ${`(${row.unordered})`.padStart(11)} |` +
        `${excess.mean.toFixed(1).padStart(14)} ${excess.deviation.toFixed(1).padStart(5)} ${String(excess.least).padStart(5)} ${excess.z.toFixed(1).padStart(5)} |` +
        `${rate(row.normalTail).padStart(13)} ${rate(row.betaBinomialTail).padStart(9)} ${rate(row.exponentialTail).padStart(11)}  |` +
        `${String(row.accepted).padStart(4)} ${`< ${rate(row.acceptedUpper95)}`.padStart(10)}  ${row.acceptedAt.map(([, pairs]) => String(pairs).padStart(4)).join('')} |` +
        `${full.mean.toFixed(1).padStart(16)} ${full.deviation.toFixed(1).padStart(5)} ${String(full.least).padStart(4)} ${full.z.toFixed(1).padStart(6)} ${rate(full.normalTail).padStart(8)} ${String(full.within31).padStart(6)}`,
    );
  }
  if (part.fromPairs !== null) {
    const { tailsWithin, met, normal, betaBinomial, exponential, exhaustive } = part.fromPairs;
    lines.push(
      `From ${met} pairs met within the budget, at the tails within ${tailsWithin}: false matches a file against all others ` +
        `${rate(normal)} (normal), ${rate(betaBinomial)} (beta-binomial), ${rate(exponential)} (exponential); ` +
        `${rate(exhaustive)} by exhaustive search at 31 bits of the same forms (normal).`,
    );
  }
  const list = (title: string, pairs: readonly PrintedPair[]) =>
    lines.push('', `${title}: ${pairs.length}`, ...pairs.map(pairText));
  list('Accepted pairs with a form within 31 bits', part.accepted);
  list('Accepted pairs beyond 31 bits', part.acceptedBeyond31);
  list('Pairs with a form within 31 bits that were not accepted', part.missedWithin31);
  list('Nearest misses within the budget', part.nearestMisses);
  list('Nearest misses beyond it, too', part.nearestBeyond);
  return lines;
}

function pairText({
  upload,
  listed,
  verdict,
  distances,
  log2Rank,
  flips,
  sketchDistance,
  excess,
}: PrintedPair) {
  const [asIs, turned, least] = distances;
  return (
    `  ${upload} -> ${listed}: ${verdict}; distance ${asIs} as it is, ${turned} turned, ${least} least of all forms; ` +
    (log2Rank === null
      ? 'key not met'
      : `key at 2^${log2Rank.toFixed(1)} with ${flips} flips, sketch ${sketchDistance} (${excess! > 0 ? '+' : ''}${excess})`)
  );
}
