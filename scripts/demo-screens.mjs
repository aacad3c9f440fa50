/**
 * Screens for the demo's gallery, with pictures of the gallery on them: what a phone shows of a chat, and a page of an
 * album. Drawn as SVG by the project; text is set in DejaVu Sans.
 *
 * @module
 */
import sharp from 'sharp';

const FONT = 'DejaVu Sans';

const escaped = (text) => text.replace(/[&<>]/g, (sign) => `&#${sign.charCodeAt(0)};`);

function words(x, y, size, colour, text, more = '') {
  return `<text x="${x}" y="${y}" font-family="${FONT}" font-size="${size}" fill="${colour}" ${more}>${escaped(text)}</text>`;
}

const block = (x, y, width, height, round, colour) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}" rx="${round}" fill="${colour}"/>`;

/** A photo, scaled to a width, with round corners. */
async function rounded(photo, width, round) {
  const { data, info } = await sharp(photo).resize(width).toBuffer({ resolveWithObject: true });
  const mask = `<svg width="${info.width}" height="${info.height}">${block(0, 0, info.width, info.height, round, '#fff')}</svg>`;
  const input = await sharp(data)
    .ensureAlpha()
    .composite([{ input: Buffer.from(mask), blend: 'dest-in' }])
    .png()
    .toBuffer();
  return { input, width: info.width, height: info.height };
}

async function finished(width, height, background, drawing, photos) {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${drawing}</svg>`;
  return sharp({ create: { width, height, channels: 3, background } })
    .composite([{ input: Buffer.from(svg) }, ...photos.map(({ input, left, top }) => ({ input, left, top }))])
    .toBuffer({ resolveWithObject: true })
    .then(({ data, info }) => sharp(data, { raw: info }));
}

/** Colours of what the phone's owner sent, and of what others did. */
const [OWN, OTHERS] = ['#cfe6fb', '#ffffff'];

const CHAT = { width: 720, height: 1280 };

/**
 * @param {Uint8Array} photo - what was sent
 * @param {{ name: string, before: string[], own: boolean, after: string[] }} talk - with whom; lines before and after the
 *   photo, which begin with '>' where the phone's owner wrote them; and whether the owner sent the photo
 */
export async function chatScreen(photo, { name, before, own, after }) {
  const { width, height } = CHAT;
  const ink = '#1d2730';
  const soft = '#6b7885';
  const parts = [
    block(0, 0, width, 150, 0, '#f7f8fa'),
    words(36, 42, 24, ink, '10:42', 'font-weight="bold"'),
    `<g fill="${ink}">${[0, 1, 2, 3].map((i) => `<rect x="${560 + i * 10}" y="${36 - i * 5}" width="7" height="${8 + i * 5}"/>`).join('')}</g>`,
    `<rect x="624" y="22" width="50" height="22" rx="6" fill="none" stroke="${ink}" stroke-width="2.5"/>${block(628, 26, 32, 14, 3, ink)}`,
    `<path d="M44 86 l-16 16 l16 16" fill="none" stroke="#2f6db3" stroke-width="5"/>`,
    `<circle cx="104" cy="102" r="30" fill="#8fa7bd"/>`,
    words(104, 112, 28, '#ffffff', name[0], 'text-anchor="middle" font-weight="bold"'),
    words(152, 98, 27, ink, name, 'font-weight="bold"'),
    words(152, 128, 20, soft, 'online'),
    block(0, 149, width, 2, 0, '#dfe4e9'),
    block(286, 176, 148, 40, 20, '#d7e0e8'),
    words(360, 203, 20, soft, 'Saturday', 'text-anchor="middle"'),
  ];
  let y = 244;
  const bubble = (line) => {
    const mine = line.startsWith('>');
    const text = mine ? line.slice(1) : line;
    const across = 56 + text.length * 14.6;
    const x = mine ? width - 28 - across : 28;
    parts.push(block(x, y, across, 66, 24, mine ? OWN : OTHERS), words(x + 28, y + 42, 25, ink, text));
    y += 82;
  };
  for (const line of before) bubble(line);
  const shown = await rounded(photo, 500, 20);
  const left = own ? width - 28 - shown.width - 16 : 28;
  parts.push(block(left, y, shown.width + 16, shown.height + 52, 26, own ? OWN : OTHERS));
  parts.push(words(left + shown.width - 6, y + shown.height + 40, 18, soft, '10:40', 'text-anchor="end"'));
  const placed = { input: shown.input, left: left + 8, top: y + 8 };
  y += shown.height + 68;
  for (const line of after) bubble(line);
  parts.push(
    block(0, height - 112, width, 112, 0, '#f7f8fa'),
    block(84, height - 92, 540, 64, 32, '#ffffff'),
    words(116, height - 51, 24, '#98a4af', 'Message'),
    `<g stroke="#2f6db3" stroke-width="5"><path d="M44 ${height - 76} v32 M28 ${height - 60} h32"/></g>`,
    `<path d="M652 ${height - 78} l36 18 l-36 18 l7 -18 z" fill="#2f6db3"/>`,
  );
  return finished(width, height, '#e9eef2', parts.join(''), [placed]);
}

const ALBUM = { width: 960, height: 640 };

/**
 * @param {Uint8Array[]} photos - a large one, shown whole, and up to six that are cut to squares
 * @param {string} title - of the album
 */
export async function albumPage([large, ...others], title) {
  const { width, height } = ALBUM;
  const first = await sharp(large).resize(540).toBuffer({ resolveWithObject: true });
  const photos = [{ input: first.data, left: 40, top: 132 }];
  for (const [i, photo] of others.entries()) {
    const input = await sharp(photo).resize(156, 156, { fit: 'cover' }).toBuffer();
    photos.push({ input, left: 604 + (i % 2) * 164, top: 132 + Math.floor(i / 2) * 164 });
  }
  const drawing = [
    words(40, 62, 34, '#2b2622', title, 'font-weight="bold"'),
    words(40, 100, 20, '#82786e', `${photos.length} pictures`),
    words(40, 132 + first.info.height + 38, 20, '#82786e', 'Arrival, early in the morning'),
  ];
  return finished(width, height, '#f4efe8', drawing.join(''), photos);
}
