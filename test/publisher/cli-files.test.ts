import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync } from 'node:fs';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { hashToHex } from '../../src/kernels/pdq-hex.js';
import type { Outcome } from '../../src/outcome.js';
import { hashPhoto } from '../support/hash-photo.js';
import { heicFixture, boats as png } from '../support/heif.js';
import { makeList } from '../support/lists.js';
import { hexDistance, pdqConformance, SHARED, STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';
import { cli, hexHashes, jsonLines, NOW_SECONDS, workFolder } from './cli-harness.js';

const folder = workFolder();
const cat = folder.write('cat photo.jpg', stdlibPhoto('locomotion-house-cat'));
const boats = folder.write('boats.jpg', stdlibPhoto('nagasaki-boats'));
const text = folder.write('notes.jpg', 'only words\n');
const empty = folder.write('empty', '');
const missing = folder.path('missing.jpg');
const digest = (algorithm: string, path: string) =>
  createHash(algorithm).update(readFileSync(path)).digest('hex');
const digests = (path: string) => ({
  md5: digest('md5', path),
  sha1: digest('sha1', path),
  sha256: digest('sha256', path),
});
let catPdq: string;
let catQuality: number;
beforeAll(async () => {
  const { bits, quality } = await hashPhoto(stdlibPhoto('locomotion-house-cat'));
  catPdq = hashToHex(bits);
  catQuality = quality;
  mkdirSync(folder.path('folder'));
});

describe('presieve hash', () => {
  it('prints all hashes of a picture, one JSON value a line', async () => {
    const result = await cli(['hash', '--json', cat, boats]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const lines = jsonLines(result);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toEqual({ file: cat, pdq: catPdq, quality: catQuality, ...digests(cat) });
    expect(Object.keys(lines[0])).toEqual(['file', 'pdq', 'quality', 'md5', 'sha1', 'sha256']);
    expect(lines[1]).toMatchObject({
      file: boats,
      pdq: expect.stringMatching(/^[0-9a-f]{64}$/),
      ...digests(boats),
    });
  });

  it('prints a list of one hash for build, without what no scan would compare', async () => {
    const grey = folder.write(
      'grey.png',
      await sharp({ create: { width: 90, height: 90, channels: 3, background: '#888' } })
        .png()
        .toBuffer(),
    );
    const pdq = await cli(['hash', '--only', 'pdq', cat, grey, text]);
    expect(pdq).toMatchObject({ code: 0, stdout: `${catPdq}\n` });
    expect(pdq.stderr).toContain('too little detail');
    const md5 = await cli(['hash', '--only', 'md5', text, cat]);
    expect(md5.stdout).toBe(`${digest('md5', text)}\n${digest('md5', cat)}\n`);
    for (const other of ['--json', '--vpdq'])
      expect(await cli(['hash', '--only', 'pdq', other, cat])).toMatchObject({ code: 2, stdout: '' });
  });

  it('gives no PDQ where there is none, and says why on standard error', async () => {
    const svg = folder.write('drawing.svg', '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>');
    const cut = folder.write('cut.jpg', stdlibPhoto('nagasaki-boats').subarray(0, 3000));
    const result = await cli(['hash', '--json', text, empty, svg, cut]);
    expect(result.code).toBe(0);
    expect(jsonLines(result)).toEqual(
      [text, empty, svg, cut].map((file) => ({ file, pdq: null, quality: null, ...digests(file) })),
    );
    expect(result.stderr.trimEnd().split('\n')).toEqual([
      `${text}: no PDQ hash: not a picture`,
      `${empty}: no PDQ hash: not a picture`,
      `${svg}: no PDQ hash: unsupported: svg is not decoded`,
      expect.stringMatching(/cut\.jpg: no PDQ hash: undecodable: /),
    ]);
  });

  it('hashes HEIC by the package libheif-js', async () => {
    const heic = folder.write('photo.heic', heicFixture('boats'));
    const result = await cli(['hash', '--json', heic]);
    expect(result).toMatchObject({ code: 0, stderr: '' });
    const [{ pdq }] = jsonLines(result) as { pdq: string }[];
    const { bits } = await hashPhoto(await png().png().toBuffer());
    expect(hexDistance(pdq, hashToHex(bits))).toBeLessThanOrEqual(6);
    const cut = folder.write('cut.heic', heicFixture('boats').subarray(0, 5000));
    expect((await cli(['hash', '--json', cut])).stderr).toBe(
      `${cut}: no PDQ hash: undecodable: the file ends too early\n`,
    );
  });

  it('reports a file that cannot be read and does the others', async () => {
    const result = await cli(['hash', '--json', missing, cat, folder.path('folder'), text]);
    expect(result.code).toBe(2);
    expect(jsonLines(result).map(({ file }) => file)).toEqual([cat, text]);
    expect(result.stderr).toContain(`${missing}: no such file`);
    expect(result.stderr).toContain(`${folder.path('folder')}: is a directory`);
  });

  it('prints the hash of a picture without detail, and says so', async () => {
    const grey = { create: { width: 64, height: 64, channels: 3, background: '#777' } } as const;
    const plain = folder.write('plain.png', await sharp(grey).png().toBuffer());
    const result = await cli(['hash', '--json', plain]);
    expect(result.code).toBe(0);
    expect(jsonLines(result)).toMatchObject([{ pdq: expect.stringMatching(/^[0-9a-f]{64}$/), quality: 0 }]);
    expect(result.stderr).toContain('quality 0: too little detail');
  });

  it('hashes a transparent picture on white', async () => {
    // A corner, since PDQ doesn't see what is the same along a whole row or column.
    const photo = sharp(stdlibPhoto('locomotion-house-cat')).resize(200, 150, { fit: 'fill' });
    const half = await sharp({
      create: { width: 200, height: 150, channels: 4, background: { r: 0, g: 0, b: 0, alpha: 0 } },
    })
      .composite([
        {
          input: await photo.extract({ left: 0, top: 0, width: 120, height: 90 }).png().toBuffer(),
          left: 0,
          top: 30,
        },
      ])
      .png()
      .toBuffer();
    const transparent = folder.write('transparent.png', half);
    const white = folder.write(
      'white.png',
      await sharp(half).flatten({ background: '#fff' }).png().toBuffer(),
    );
    const black = folder.write(
      'black.png',
      await sharp(half).flatten({ background: '#000' }).png().toBuffer(),
    );
    const [t, w, b] = jsonLines<{ pdq: string }>(await cli(['hash', '--json', transparent, white, black]));
    expect(t.pdq).toBe(w.pdq);
    expect(t.pdq).not.toBe(b.pdq);
  });

  it('applies EXIF orientation', async () => {
    const turned = folder.write(
      'turned.jpg',
      await sharp(stdlibPhoto('locomotion-house-cat'))
        .rotate(270)
        .withMetadata({ orientation: 6 })
        .jpeg({ quality: 95 })
        .toBuffer(),
    );
    const [{ pdq }] = jsonLines<{ pdq: string }>(await cli(['hash', '--json', turned]));
    expect(hexDistance(pdq, catPdq)).toBeLessThanOrEqual(4);
  });

  it('prints a block for a person', async () => {
    const { stdout, code } = await cli(['hash', cat, text]);
    expect(code).toBe(0);
    expect(stdout.split('\n')).toEqual([
      cat,
      `  pdq     ${catPdq}  quality ${catQuality}`,
      `  md5     ${digest('md5', cat)}`,
      `  sha1    ${digest('sha1', cat)}`,
      `  sha256  ${digest('sha256', cat)}`,
      text,
      '  pdq     –',
      `  md5     ${digest('md5', text)}`,
      `  sha1    ${digest('sha1', text)}`,
      `  sha256  ${digest('sha256', text)}`,
      '',
    ]);
  });

  it('escapes names on a terminal, and gives them exactly in JSON', async () => {
    const odd = folder.write('a\u001b[2J\nb.txt', 'x');
    expect((await cli(['hash', odd])).stdout).toContain('a\\u001b[2J\\u000ab.txt\n');
    expect(jsonLines(await cli(['hash', '--json', odd]))[0].file).toBe(odd);
  });

  it.skipIf(SHARED === null)('is near the reference hashes (../shared/conformance/pdq)', async () => {
    const images = pdqConformance();
    const lines = jsonLines<{ pdq: string; quality: number }>(
      await cli(['hash', '--json', ...images.map(({ path }) => path)]),
    );
    const table = images.map(({ file, full, squashed512 }, i) => {
      const { pdq, quality } = lines[i];
      // The reference leaves EXIF orientation alone: then one of its turned hashes is the one.
      const upright = file.startsWith('exif-rotn/') ? full.dihedral : [full.dihedral[0]];
      const turned = file.startsWith('exif-rotn/')
        ? squashed512?.dihedral
        : squashed512?.dihedral.slice(0, 1);
      const nearest = (hashes?: string[]) =>
        hashes && Math.min(...hashes.map((hash) => hexDistance(hash, pdq)));
      return {
        file,
        quality,
        expected: full.quality,
        full: nearest(upright) as number,
        squashed512: nearest(turned),
      };
    });
    console.table(table);
    for (const { file, expected, quality, full, squashed512 } of table) {
      expect.soft(Math.abs(quality - expected), `${file}: quality`).toBeLessThanOrEqual(1);
      if (expected >= 80) expect.soft(Math.min(full, squashed512 ?? full), file).toBeLessThanOrEqual(10);
    }
  });
});

describe('presieve scan', () => {
  const outcomes = (result: Awaited<ReturnType<typeof cli>>) =>
    jsonLines<{ file: string; outcome: Outcome }>(result);
  let exact: string;
  let near: string;
  beforeAll(() => {
    exact = folder.write(
      'exact.snapshot',
      makeList({
        name: 'exact',
        version: 4,
        createdSeconds: NOW_SECONDS - 90,
        hashes: { sha256: [{ hash: digest('sha256', text), label: 'T' }], md5: [digest('md5', cat)] },
      }),
    );
    near = folder.write(
      'near.snapshot',
      makeList({
        name: 'near',
        demo: true,
        hashes: { pdq: [{ hash: catPdq, label: 'cat' }] },
        pdqDecoys: 3000,
      }),
    );
  });

  it('prints one outcome a line, in the order of the arguments', async () => {
    const result = await cli(['scan', '--list', exact, '--json', boats, cat, text]);
    expect(result).toMatchObject({ code: 1, stderr: '' });
    const lists = [{ name: 'exact', version: 4, ageSeconds: 90 }];
    const coverage = { complete: 'digests-only', notes: [] };
    expect(outcomes(result)).toEqual([
      { file: boats, outcome: { verdict: 'no-known-match', action: 'allow', matches: [], coverage, lists } },
      {
        file: cat,
        outcome: {
          verdict: 'match',
          action: 'block',
          matches: [{ list: 'exact', signal: 'exact-weak' }],
          coverage,
          lists,
        },
      },
      {
        file: text,
        outcome: {
          verdict: 'match',
          action: 'block',
          matches: [{ list: 'exact', signal: 'exact' }],
          coverage,
          lists,
        },
      },
    ]);
  });

  it('scans against several lists, and names labels when asked to', async () => {
    const result = await cli(['scan', '--list', exact, '--list', near, '--labels', '--json', cat]);
    expect(outcomes(result)[0].outcome).toMatchObject({
      matches: [
        { list: 'exact', signal: 'exact-weak' },
        { list: 'near', signal: 'perceptual', label: 'cat' },
      ],
      lists: [{ name: 'exact' }, { name: 'near', demo: true }],
    });
  });

  it('finds a copy of a listed picture, and none of the others', async () => {
    const copy = folder.write(
      'copy.webp',
      await sharp(stdlibPhoto('locomotion-house-cat')).resize(300).flop().webp({ quality: 70 }).toBuffer(),
    );
    const others = STDLIB_PHOTOS.filter((name) => name !== 'locomotion-house-cat').map((name) =>
      folder.write(`${name}.jpg`, stdlibPhoto(name)),
    );
    const result = await cli(['scan', '--list', near, '--json', copy, ...others]);
    expect(result.code).toBe(1);
    expect(outcomes(result).map(({ outcome }) => outcome.verdict)).toEqual([
      'match',
      ...others.map(() => 'no-known-match'),
    ]);
  });

  it('finds a HEIC copy of a listed picture', async () => {
    const heic = folder.write('boats.heic', heicFixture('boats'));
    const { bits } = await hashPhoto(stdlibPhoto('nagasaki-boats'));
    const list = folder.write('boats.snapshot', makeList({ hashes: { pdq: [hashToHex(bits)] } }));
    const result = await cli(['scan', '--json', '--list', list, heic]);
    expect(jsonLines(result)).toMatchObject([
      { outcome: { verdict: 'match', coverage: { complete: 'all', notes: [] } } },
    ]);
  });

  it('tries as much as --search says', async () => {
    const croppedFrom = async (name: (typeof STDLIB_PHOTOS)[number], share: number) => {
      const photo = sharp(stdlibPhoto(name));
      const { width, height } = await photo.metadata();
      const [left, top] = [Math.round(width * share), Math.round(height * share)];
      const inner = photo.extract({ left, top, width: width - 2 * left, height: height - 2 * top });
      return folder.write(`${name}-cropped.jpg`, await inner.jpeg().toBuffer());
    };
    const hashes = await Promise.all(
      (['airplane-from-above', 'nagasaki-boats'] as const).map(async (name) =>
        hashToHex((await hashPhoto(stdlibPhoto(name))).bits),
      ),
    );
    const list = folder.write('cropped.snapshot', makeList({ hashes: { pdq: hashes }, pdqDecoys: 3000 }));
    // One that only the larger budgets of normal find, and one that takes those of thorough.
    const files = [
      await croppedFrom('airplane-from-above', 0.06),
      await croppedFrom('nagasaki-boats', 0.055),
    ];
    const found = async (...search: string[]) =>
      outcomes(await cli(['scan', '--list', list, '--json', ...search, ...files])).map(
        ({ outcome }) => outcome.verdict === 'match',
      );
    expect(await found('--search', 'fast')).toEqual([false, false]);
    expect(await found('--search', 'normal')).toEqual([true, false]);
    expect(await found()).toEqual([true, false]);
    expect(await found('--search', 'thorough')).toEqual([true, true]);
  });

  it.each(['exhaustive', '', 'toString'])('refuses --search %j', async (search) => {
    const result = await cli(['scan', '--list', near, '--search', search, cat]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(/--search .* Allowed choices are fast, normal, thorough/);
  });

  it.each([
    ['0 where nothing is known', [boats], 0],
    ['1 for a match', [boats, cat], 1],
    ['1 for an inconclusive file', [boats, text], 1],
    ['2 for a file that cannot be read', [boats, missing], 2],
    ['2 for a file that cannot be read beside a match', [cat, missing], 2],
  ])('exits with %s', async (_, files, code) => {
    expect((await cli(['scan', '--list', near, '--json', ...files])).code).toBe(code);
  });

  it('prints a line for a file that cannot be read, too', async () => {
    const result = await cli(['scan', '--list', near, '--json', missing, boats]);
    expect(outcomes(result).map(({ file, outcome }) => [file, outcome.verdict, outcome.reason])).toEqual([
      [missing, 'inconclusive', 'unreadable'],
      [boats, 'no-known-match', undefined],
    ]);
    expect(result.stderr).toBe(`${missing}: no such file\n`);
  });

  it('prints a line for a person', async () => {
    const { stdout } = await cli([
      'scan',
      '--list',
      exact,
      '--list',
      near,
      '--labels',
      boats,
      cat,
      text,
      missing,
    ]);
    expect(stdout.trimEnd().split('\n')).toEqual([
      `${boats}: no-known-match`,
      `${cat}: match (exact, exact-weak; near, perceptual, cat)`,
      `${text}: match (exact, exact, T)`,
      `${missing}: inconclusive (unreadable, partial, not-checked)`,
    ]);
  });

  it.each([
    ['is missing', () => missing, /missing\.jpg: no such file/],
    ['is none', () => text, /notes\.jpg: not a readable snapshot \(not-a-snapshot\)/],
    [
      'is damaged',
      () => folder.write('damaged', readFileSync(near).subarray(0, 500)),
      /damaged: not a readable snapshot/,
    ],
  ])('scans nothing when a list %s', async (_, list, message) => {
    const result = await cli(['scan', '--list', exact, '--list', list(), '--json', cat]);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toMatch(message);
  });

  it('needs a list and a file', async () => {
    expect(await cli(['scan', cat])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringMatching(/--list/),
    });
    expect(await cli(['scan', '--list', exact])).toMatchObject({ code: 2, stdout: '' });
  });

  it('finds what build lists of what hash prints', async () => {
    const hashes = jsonLines<{ pdq: string; sha1: string }>(await cli(['hash', '--json', cat, boats]));
    const out = folder.path('round-trip.snapshot');
    const built = await cli([
      ...['build', '--name', 'round trip', '--list-version', '1', '--out', out],
      ...['--pdq', folder.write('p.csv', `${hashes[0].pdq},cats\n${hexHashes(500, 64).join('\n')}`)],
      ...['--sha1', folder.write('s.txt', hashes[1].sha1)],
    ]);
    expect(built.code).toBe(0);
    const result = await cli(['scan', '--list', out, '--labels', '--json', cat, boats, text]);
    expect(outcomes(result).map(({ outcome }) => outcome.matches)).toEqual([
      [{ list: 'round trip', signal: 'perceptual', label: 'cats' }],
      [{ list: 'round trip', signal: 'exact-weak' }],
      [],
    ]);
  });
});
