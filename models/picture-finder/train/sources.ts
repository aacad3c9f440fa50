/**
 * Where the photos of the training come from. Only what is in the public domain or under a licence that asks for no
 * more than a credit; the model card lists them. One photo in ten is kept for validation.
 * @module
 */
import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import { PhotoShelf } from '../../../bench/recall/photos.js';
import { imageOf, type Picture, pixelsOf } from '../../../bench/recall/picture.js';
import { fnv1a32 } from '../../../bench/recall/random.js';
import type { Dice } from '../compose/dice.js';
import type { SourcePhoto } from '../compose/index.js';
import { artPicture, noisePicture } from './drawn.js';

/** Photographs of Debian's wallpaper packages with their licences, as the copyright files say. */
export const WALLPAPERS: readonly (readonly [path: string, licence: string])[] = [
  ['/usr/share/backgrounds/aitzgorri_by_Aitzol_Berasategi.jpg', 'CC-BY-4.0'],
  ['/usr/share/backgrounds/friends_by_Aitzol_Berasategi.jpg', 'CC-BY-4.0'],
  ['/usr/share/backgrounds/life_by_Aitzol_Berasategi.jpg', 'CC-BY-4.0'],
  ['/usr/share/backgrounds/picosdeeuropa_by_Aitzol_Berasategi.jpg', 'CC-BY-4.0'],
  ['/usr/share/backgrounds/sunset_by_Aitzol_Berasategi.jpg', 'CC-BY-4.0'],
  ['/usr/share/backgrounds/Picture_0B_by_freespace.jpg', 'CC-BY-4.0'],
  ['/usr/share/backgrounds/Picture_1A_by_freespace.jpg', 'CC-BY-4.0'],
  ['/usr/share/backgrounds/seeding_by_Clements_Engelhardt.jpg', 'CC0-1.0'],
  ['/usr/share/backgrounds/umang_by_Abhishek_Mudgal.jpg', 'CC-BY-4.0'],
  ['/usr/share/backgrounds/Wine_by_Jakkub_Mede.jpg', 'CC-BY-4.0'],
];

const CLIP_ART = '/usr/share/openclipart/png';
/** Clip art opened: one file in so many. */
const CLIP_ART_EVERY = 10;
/** Side to which large photos are shrunk when they are opened. */
const LONGEST = 1600;
/** Side of a finished source photo. */
const PHOTO_SIDE = 480;

/** Photos for training, or for validation while training. */
export class TrainingPhotos {
  readonly #clothes: readonly Uint8Array[];
  readonly #wallpapers: readonly Picture[];
  readonly #art: readonly Uint8Array[];

  private constructor(
    clothes: readonly Uint8Array[],
    wallpapers: readonly Picture[],
    art: readonly Uint8Array[],
  ) {
    this.#clothes = clothes;
    this.#wallpapers = wallpapers;
    this.#art = art;
  }

  /**
   * @param clothes - folder of the CC0 photographs of clothes; its held-out third can't be opened here
   * @param validation - the tenth that is kept for validation, or the rest
   * @throws RangeError where a folder isn't there
   */
  static async open(clothes: string, validation: boolean): Promise<TrainingPhotos> {
    const mine = (name: string) => (fnv1a32(`validation/${name}`) % 10 === 0) === validation;
    const shelf = new PhotoShelf([clothes], 'tuning');
    const files = await Promise.all(shelf.names.filter(mine).map((name) => shelf.read(name)));
    const walls = WALLPAPERS.map(([path]) => path).filter((path) => existsSync(path) && mine(path));
    const wallpapers = await Promise.all(
      walls.map((path) => pixelsOf(sharp(path).resize(LONGEST, LONGEST, { fit: 'inside' }))),
    );
    const drawn = existsSync(CLIP_ART)
      ? readdirSync(CLIP_ART, { recursive: true, encoding: 'utf8' })
          .filter((name) => name.endsWith('.png') && fnv1a32(name) % CLIP_ART_EVERY === 0 && mine(name))
          .sort()
      : [];
    const art = await Promise.all(drawn.map((name) => readFile(join(CLIP_ART, name))));
    return new TrainingPhotos(files, wallpapers, art);
  }

  /** How many there are of each kind. */
  get counts(): { clothes: number; wallpapers: number; clipArt: number } {
    const [clothes, wallpapers, clipArt] = [this.#clothes, this.#wallpapers, this.#art].map(
      (kind) => kind.length,
    );
    return { clothes, wallpapers, clipArt };
  }

  /** @returns a photo, cut, turned round and coloured at random so that few come twice */
  async draw(dice: Dice): Promise<SourcePhoto> {
    const shape =
      dice.one([1, 0.75, 0.75, 0.667, 0.5625, 1.333, 1.333, 1.5, 1.778]) * dice.between(0.95, 1.05);
    const width = Math.round(PHOTO_SIDE * Math.min(1, shape));
    const height = Math.round(PHOTO_SIDE * Math.min(1, 1 / shape));
    const picture = await this.#picture(dice, width, height);
    return { width: picture.width, height: picture.height, pixels: async () => picture };
  }

  async #picture(dice: Dice, width: number, height: number): Promise<Picture> {
    const kind = dice.between(0, 1);
    if (kind < 0.12) return noisePicture(dice, width >> 1, height >> 1);
    if (kind < 0.24 && this.#art.length > 0) {
      // A few of the drawings are broken files; clothes take their place.
      const art = await artPicture(dice, dice.one(this.#art), width, height).catch(() => null);
      if (art) return art;
    }
    if (kind < 0.44 && this.#wallpapers.length > 0) {
      return varied(dice, dice.one(this.#wallpapers), width / height, dice.between(0.2, 1));
    }
    const clothes = await pixelsOf(sharp(dice.one(this.#clothes), { autoOrient: true }));
    return varied(dice, clothes, width / height, dice.between(0.45, 1));
  }
}

/** Cuts a part of some shape, mirrors it, and changes its colours. */
async function varied(dice: Dice, picture: Picture, shape: number, share: number): Promise<Picture> {
  const scale = Math.min(picture.width / shape, picture.height) * share;
  const size = { width: Math.max(8, Math.floor(scale * shape)), height: Math.max(8, Math.floor(scale)) };
  const left = Math.floor(dice.between(0, picture.width - size.width));
  const top = Math.floor(dice.between(0, picture.height - size.height));
  let image = imageOf(picture)
    .extract({ left, top, ...size })
    .resize(PHOTO_SIDE, PHOTO_SIDE, { fit: 'inside', withoutEnlargement: true });
  if (dice.chance(0.5)) image = image.flop();
  if (dice.chance(0.5)) {
    image = image.modulate({
      brightness: dice.between(0.5, 1.4),
      saturation: dice.one([0, dice.between(0.3, 1.8), 1]),
      hue: dice.chance(0.5) ? dice.whole(0, 359) : 0,
    });
  }
  if (dice.chance(0.3)) {
    const gain = dice.between(0.7, 1.4);
    image = image.linear(gain, 128 * (1 - gain) + dice.between(-25, 25));
  }
  return pixelsOf(image);
}
