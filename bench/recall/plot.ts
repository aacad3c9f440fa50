/**
 * The recall table as a picture: three bars for each edit, in two columns, on a background of its own so that it reads
 * on light and dark pages.
 * @module
 */
import { type RecallRow, type RecallTable, round, type Tally } from './recall-table.js';

const WIDTH = 1180;
const MARGIN = 28;
const COLUMN_GAP = 44;
const COLUMN_WIDTH = (WIDTH - 2 * MARGIN - COLUMN_GAP) / 2;
const LABEL_WIDTH = 202;
const NUMBER_WIDTH = 54;
const BARS_WIDTH = COLUMN_WIDTH - LABEL_WIDTH - NUMBER_WIDTH;
const HEAD_HEIGHT = 122;
const FOOT_HEIGHT = 52;
const ROW_HEIGHT = 21;
const GROUP_HEIGHT = 34;
const BAR_HEIGHT = 4.4;

const INK = '#1b2733';
const FAINT_INK = '#5a6876';
const GRID = '#e3e8ed';

/** What each bar shows, from the top. */
const BARS: readonly {
  readonly colour: string;
  readonly says: string;
  readonly of: (tally: Tally) => number;
}[] = [
  { colour: '#aab4bf', says: 'exhaustive PDQ, 31 bits', of: ({ exhaustive }) => exhaustive },
  { colour: '#e0a23c', says: '… with mirrored and turned forms', of: ({ dihedral }) => dihedral },
  { colour: '#1769aa', says: 'Presieve', of: ({ presieve }) => presieve },
];

/** Words for the head and the foot. */
export interface PlotWords {
  readonly subtitle: string;
  readonly foot: string;
}

/**
 * @param table - with results for the list `full`
 * @param words - see {@link PlotWords}
 * @returns SVG
 */
export function plotRecall(table: RecallTable, words: PlotWords): string {
  const blocks = table.groups.map(({ name }) => ({
    name,
    rows: table.edits.filter(({ group, lists }) => group === name && lists.full !== undefined),
  }));
  const heightOf = (block: { rows: unknown[] }) => GROUP_HEIGHT + block.rows.length * ROW_HEIGHT;
  const whole = blocks.reduce((sum, block) => sum + heightOf(block), 0);
  const columns: (typeof blocks)[] = [[], []];
  let filled = 0;
  for (const block of blocks) {
    // A group goes to the left while more than half of it is within the first half.
    columns[filled + heightOf(block) / 2 <= whole / 2 ? 0 : 1].push(block);
    filled += heightOf(block);
  }
  const tallest = Math.max(
    ...columns.map((column) => column.reduce((sum, block) => sum + heightOf(block), 0)),
  );
  const height = HEAD_HEIGHT + tallest + FOOT_HEIGHT;

  const parts = [head(words.subtitle)];
  columns.forEach((column, i) => {
    const left = MARGIN + i * (COLUMN_WIDTH + COLUMN_GAP);
    let y = HEAD_HEIGHT;
    for (const { name, rows } of column) {
      parts.push(group(name, left, y, rows.length));
      y += GROUP_HEIGHT;
      for (const row of rows) {
        parts.push(bars(row, left, y));
        y += ROW_HEIGHT;
      }
    }
  });
  parts.push(text(MARGIN, height - 22, words.foot, { size: 12, fill: FAINT_INK }));
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="Recall by edit" font-family="system-ui, -apple-system, 'Segoe UI', 'DejaVu Sans', sans-serif">
<rect x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="10" fill="#ffffff" stroke="#cfd6dd"/>
${parts.join('\n')}
</svg>
`;
}

function head(subtitle: string): string {
  const parts = [
    text(MARGIN, 44, 'How many edited copies of a listed photo are found', { size: 22, weight: 600 }),
    text(MARGIN, 67, subtitle, { size: 13, fill: FAINT_INK }),
  ];
  let x = MARGIN;
  for (const { colour, says } of BARS) {
    parts.push(`<rect x="${x}" y="84" width="22" height="9" rx="2" fill="${colour}"/>`);
    parts.push(text(x + 29, 93, says, { size: 13 }));
    x += 29 + says.length * 7.1 + 26;
  }
  return parts.join('');
}

/** A group's name, and its grid behind the rows. */
function group(name: string, left: number, y: number, rows: number): string {
  const parts = [text(left, y + 25, name, { size: 13, weight: 600 })];
  for (const share of [0, 25, 50, 75, 100]) {
    const x = at(left + LABEL_WIDTH + (BARS_WIDTH * share) / 100);
    const top = y + GROUP_HEIGHT - 4;
    parts.push(`<path d="M${x} ${top}V${top + rows * ROW_HEIGHT + 2}" stroke="${GRID}"/>`);
    if (share % 50 === 0) {
      parts.push(text(x, y + 26, `${share} %`, { size: 10.5, fill: FAINT_INK, anchor: 'middle' }));
    }
  }
  return parts.join('');
}

function bars({ name, lists }: RecallRow, left: number, y: number): string {
  const tally = lists.full!;
  const shares = BARS.map(({ of }) => of(tally) / tally.scans);
  const parts = [text(left + LABEL_WIDTH - 10, y + 12.5, name, { size: 12, anchor: 'end' })];
  shares.forEach((share, i) => {
    const top = at(y + 1 + i * (BAR_HEIGHT + 0.6));
    const width = at(BARS_WIDTH * share);
    parts.push(
      `<rect x="${at(left + LABEL_WIDTH)}" y="${top}" width="${width}" height="${BAR_HEIGHT}" fill="${BARS[i].colour}"/>`,
    );
  });
  const said = `${round(100 * shares[2], 1)} %`;
  parts.push(
    text(left + COLUMN_WIDTH, y + 12.5, said, {
      size: 11.5,
      anchor: 'end',
      fill: BARS[2].colour,
      weight: 600,
    }),
  );
  return parts.join('');
}

interface TextStyle {
  size: number;
  fill?: string;
  weight?: number;
  anchor?: 'middle' | 'end';
}

function text(x: number, y: number, words: string, { size, fill = INK, weight, anchor }: TextStyle): string {
  const escaped = words.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  return `<text x="${at(x)}" y="${at(y)}" font-size="${size}" fill="${fill}"${weight ? ` font-weight="${weight}"` : ''}${anchor ? ` text-anchor="${anchor}"` : ''}>${escaped}</text>`;
}

/** Two digits are enough for a coordinate. */
function at(value: number): number {
  return round(value, 2);
}
