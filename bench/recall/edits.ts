/**
 * The edits whose recall is measured: what people and services do to a picture on its way. The set is fixed; the
 * random choices in it (a border's colour, which way a turn goes) are the photo's own.
 * @module
 */
import { avif, decode, type Encode, jpeg, type Picture, webp } from './picture.js';
import { seededRandom } from './random.js';
import {
  allSides,
  BLACK,
  border,
  type Colour,
  crop,
  letterbox,
  longSide,
  mirror,
  quarterTurn,
  resize,
  rotate,
  type Step,
  scale,
  WHITE,
} from './steps-geometry.js';
import { caption, emoji, logo, sticker } from './steps-overlay.js';
import { blur, contrast, gamma, grey, levels, modulate, noise, screenMoire, sharpen } from './steps-tone.js';

/** One edit. */
export interface Edit {
  readonly group: string;
  /** Unique. */
  readonly name: string;
  readonly steps: readonly Step[];
  readonly encode: Encode;
}

/** How a picture is saved where the edit is something else: what most programs do. */
const SAVED = jpeg(80);

function edit(group: string, name: string, steps: Step | readonly Step[], encode: Encode = SAVED): Edit {
  return { group, name, steps: typeof steps === 'function' ? [steps] : steps, encode };
}

/** @returns a step that saves to a file and opens it again */
function through(encode: Encode): Step {
  return async (picture) => decode(await encode(picture));
}

const percent = (share: number) => `${Math.round(share * 1000) / 10} %`;

const COLOURS: readonly (readonly [string, Colour])[] = [
  ['white', WHITE],
  ['black', BLACK],
  ['coloured', 'random'],
];

/** All edits, group by group. */
export const EDITS: readonly Edit[] = [
  ...[90, 75, 50, 30, 10].map((quality) => edit('re-encoding', `JPEG ${quality}`, [], jpeg(quality))),
  ...[80, 40].map((quality) => edit('re-encoding', `WebP ${quality}`, [], webp(quality))),
  edit('re-encoding', 'AVIF 50', [], avif(50)),

  ...[0.5, 0.25, 1.5].map((factor) => edit('size', `scaled to ${percent(factor)}`, scale(factor))),
  edit('size', '1280 px long side', longSide(1280)),
  edit(
    'size',
    'squashed to 512x512',
    resize(() => [512, 512]),
  ),
  edit(
    'size',
    '10 % narrower',
    resize((width, height) => [0.9 * width, height]),
  ),
  edit(
    'size',
    'squashed to a square',
    resize((width, height) => [Math.min(width, height), Math.min(width, height)]),
  ),

  edit('tone', 'grey', grey),
  edit(
    'tone',
    'brightness x1.3, clipped',
    levels((value) => 1.3 * value),
  ),
  edit('tone', 'lightness x1.3', modulate({ brightness: 1.3 })),
  edit(
    'tone',
    'brightness x0.7',
    levels((value) => 0.7 * value),
  ),
  edit('tone', 'contrast x1.4', contrast(1.4)),
  edit('tone', 'contrast x0.6', contrast(0.6)),
  edit('tone', 'gamma 1.6', gamma(1.6)),
  edit('tone', 'gamma 0.6', gamma(0.6)),
  edit('tone', 'saturation x1.8', modulate({ saturation: 1.8 })),
  edit('tone', 'saturation x0.4', modulate({ saturation: 0.4 })),

  edit('detail', 'blur, 1 px', blur(1)),
  edit('detail', 'blur, 3 px', blur(3)),
  edit('detail', 'sharpened', sharpen(2)),
  edit('detail', 'noise', noise(10)),
  edit('detail', 'screen moiré', screenMoire),

  ...[0.01, 0.02, 0.025, 0.035, 0.055, 0.08].map((share) =>
    edit('crop', `${percent(share)} a side cut`, crop(allSides(share))),
  ),
  edit('crop', '5 % off the top', crop({ top: 0.05 })),
  edit('crop', '3 % off the bottom', crop({ bottom: 0.03 })),
  edit(
    'crop',
    '7 % off one side',
    crop((random) => (random() < 0.5 ? { left: 0.07 } : { right: 0.07 })),
  ),

  ...[0.01, 0.025, 0.055, 0.1].flatMap((share) =>
    COLOURS.map(([name, colour]) =>
      edit('border', `${percent(share)} ${name}`, border(allSides(share), colour)),
    ),
  ),
  edit('border', 'bars to a square, black', letterbox(1, BLACK)),
  edit('border', 'bars to a square, white', letterbox(1, WHITE)),
  edit('border', 'bars to 16:9, black', letterbox(16 / 9, BLACK)),
  edit('border', 'bars to 16:9, white', letterbox(16 / 9, WHITE)),

  ...[0.7, 1.7, 3].flatMap((degrees) =>
    (['grown', 'same', 'inscribed'] as const).map((canvas) =>
      edit('turn', `${degrees}°, ${canvasWords(canvas)}`, rotate(degrees, canvas)),
    ),
  ),
  edit('turn', 'mirrored', mirror),
  ...([90, 180, 270] as const).map((degrees) => edit('turn', `turned ${degrees}°`, quarterTurn(degrees))),

  edit('overlay', 'caption', caption),
  edit('overlay', 'logo in a corner', logo),
  edit('overlay', 'emoji', emoji),
  edit('overlay', 'sticker', sticker),

  edit('chain', 'crop 2.5 %, 50 %, JPEG 50', [crop(allSides(0.025)), scale(0.5)], jpeg(50)),
  edit(
    'chain',
    'screenshot margins, JPEG 60',
    border({ left: 0.02, right: 0.02, top: 0.06, bottom: 0.1 }, [24, 25, 26]),
    jpeg(60),
  ),
  edit('chain', 'mirrored, crop 2.5 %', [mirror, crop(allSides(0.025))]),
  edit('chain', 'brightness x1.3, crop 1 %', [levels((value) => 1.3 * value), crop(allSides(0.01))]),
  edit('chain', 'two messengers', [longSide(1280), through(jpeg(70)), longSide(1600)], webp(75)),
];

function canvasWords(canvas: 'grown' | 'same' | 'inscribed'): string {
  return { grown: 'black corners', same: 'same size', inscribed: 'cropped' }[canvas];
}

/** Groups in the order of {@link EDITS}. */
export const EDIT_GROUPS: readonly string[] = [...new Set(EDITS.map(({ group }) => group))];

/**
 * @param photo - pixels of a photo
 * @param name - the photo's name, from which its random choices follow
 * @param edit - what to do
 * @returns the edited file
 */
export async function applyEdit(photo: Picture, name: string, edit: Edit): Promise<Uint8Array<ArrayBuffer>> {
  const random = seededRandom(`${name}/${edit.group}/${edit.name}`);
  let picture = photo;
  for (const step of edit.steps) picture = await step(picture, random);
  return edit.encode(picture);
}
