import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { folderNames, PhotoShelf } from '../../bench/recall/photos.js';
import { decoyHashes, fnv1a32, seededRandom } from '../../bench/recall/random.js';
import { isHeldOut, isInPart } from '../../bench/recall/split.js';

describe('fnv1a32', () => {
  it.each([
    ['', 0x811c9dc5],
    ['a', 0xe40c292c],
    ['foobar', 0xbf9cf968],
  ])('gives the published value for "%s"', (text, hash) => {
    expect(fnv1a32(text)).toBe(hash);
  });
});

describe('isHeldOut', () => {
  it('is decided by the base name alone', () => {
    for (let i = 0; i < 50; i++) {
      const name = `${i}.jpg`;
      expect(isHeldOut(name)).toBe(fnv1a32(name) % 3 === 0);
      expect(isHeldOut(`natural/${name}`)).toBe(isHeldOut(name));
      expect(isHeldOut(`C:\\photos\\${name}`)).toBe(isHeldOut(name));
    }
  });

  it('holds out a third', () => {
    const names = Array.from({ length: 3000 }, (_, i) => `photo-${i}.jpg`);
    const heldOut = names.filter((name) => isHeldOut(name)).length;
    expect(heldOut).toBeGreaterThan(900);
    expect(heldOut).toBeLessThan(1100);
    for (const name of names) expect(isInPart('tuning', name)).not.toBe(isInPart('held-out', name));
  });
});

describe('PhotoShelf', () => {
  let folder: string;
  const names = Array.from({ length: 30 }, (_, i) => (i % 2 ? `deeper/${i}.jpg` : `${i}.png`));

  beforeAll(() => {
    folder = join(mkdtempSync(join(tmpdir(), 'shelf-')), 'photos');
    mkdirSync(join(folder, 'deeper'), { recursive: true });
    for (const name of [...names, 'README.md']) writeFileSync(join(folder, name), name);
  });
  afterAll(() => rmSync(join(folder, '..'), { recursive: true }));

  it('parts the photos of a folder and its subfolders', () => {
    const heldOut = new PhotoShelf([folder], 'held-out').names;
    const tuning = new PhotoShelf([folder], 'tuning').names;
    expect(heldOut.length).toBeGreaterThan(0);
    expect(tuning.length).toBeGreaterThan(0);
    const all = names.map((name) => `photos/${name}`).sort();
    expect([...heldOut, ...tuning].sort()).toEqual(all);
    expect([...new PhotoShelf([folder], 'all').names].sort()).toEqual(all);
  });

  it('reads its own photos and refuses all others', async () => {
    const tuning = new PhotoShelf([folder], 'tuning');
    const [own] = tuning.names;
    expect(new TextDecoder().decode(await tuning.read(own))).toBe(own.slice('photos/'.length));
    for (const other of new PhotoShelf([folder], 'held-out').names) {
      await expect(tuning.read(other)).rejects.toThrow(/^'name' .* is not in the part tuning/);
    }
    await expect(tuning.read('photos/../photos/README.md')).rejects.toThrow(RangeError);
  });

  it('samples so that more photos are the fewer ones and others', () => {
    const shelf = new PhotoShelf([folder], 'all');
    const few = shelf.sample(5);
    expect(few).toHaveLength(5);
    expect(shelf.sample(12).slice(0, 5)).toEqual(few);
    expect(shelf.sample(1000)).toHaveLength(30);
    expect(folderNames(shelf.names)).toEqual(['photos']);
  });

  it('says which folder is missing', () => {
    expect(() => new PhotoShelf([`${folder}/none`], 'all')).toThrow(/'folders' has .*none/);
  });
});

describe('seeded randomness', () => {
  it('depends on the text alone', () => {
    const draw = (text: string) => Array.from({ length: 5 }, seededRandom(text));
    expect(draw('a')).toEqual(draw('a'));
    expect(draw('a')).not.toEqual(draw('b'));
  });

  it('gives decoys whose bits are set half of the time, the first ones whatever their number', () => {
    const decoys = decoyHashes(2000);
    expect(decoys).toHaveLength(64_000);
    expect(decoyHashes(10)).toEqual(decoys.slice(0, 320));
    const set = decoys.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
    expect(set / (64_000 * 8)).toBeCloseTo(0.5, 2);
  });
});
