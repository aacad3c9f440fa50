/**
 * The shipped network: it is the file that the manifest says, runs in onnxruntime-web, says what it said in PyTorch,
 * and finds a photo in a conversation.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { decode } from '../../bench/recall/picture.js';
import { compose } from '../../models/picture-finder/compose/index.js';
import { rectIou } from '../../models/picture-finder/evaluate.js';
import { decodeBoxes } from '../../src/finder/boxes.js';
import { CELLS, INPUT_SIDE, MAPS } from '../../src/finder/layout.js';
import { networkInput } from '../../src/kernels/network-input.js';
import { STDLIB_PHOTOS, stdlibPhoto } from '../support/photos.js';

const folder = new URL('../../models/picture-finder/', import.meta.url);
const manifest = JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8'));
const model = new Uint8Array(readFileSync(new URL(manifest.file, folder)));
const MAX_BYTES = 600_000;

let session: ort.InferenceSession;
const run = async (input: Float32Array) => {
  const picture = new ort.Tensor('float32', input, manifest.input.shape);
  return (await session.run({ [manifest.input.name]: picture }))[manifest.output.name].data as Float32Array;
};

beforeAll(async () => {
  ort.env.wasm.numThreads = 1;
  session = await ort.InferenceSession.create(model);
});

describe('the network', () => {
  it('is the file that the manifest says, and small', () => {
    expect(model.length).toBe(manifest.bytes);
    expect(createHash('sha256').update(model).digest('hex')).toBe(manifest.sha256);
    expect(model.length).toBeLessThanOrEqual(MAX_BYTES);
    expect(manifest.input.shape).toEqual([1, 3, INPUT_SIDE, INPUT_SIDE]);
    expect(manifest.output.shape).toEqual([1, MAPS, CELLS, CELLS]);
  });

  it('says in onnxruntime-web what it said in PyTorch', async () => {
    const check = JSON.parse(readFileSync(new URL('picture-finder.check.json', folder), 'utf8'));
    const input = new Float32Array(3 * INPUT_SIDE * INPUT_SIDE);
    for (let c = 0, at = 0; c < 3; c++) {
      for (let y = 0; y < INPUT_SIDE; y++) {
        for (let x = 0; x < INPUT_SIDE; x++)
          input[at++] = ((31 * c + x * x + Math.floor((y * y) / 3)) % 256) / 255;
      }
    }
    const maps = await run(input);
    check.maps.forEach((wanted: number, i: number) => {
      const tolerance = 1e-4 + 1e-3 * Math.abs(wanted);
      expect(Math.abs(maps[i * check.every] - wanted)).toBeLessThan(tolerance);
    });
  });

  it('finds a photo in a conversation', async () => {
    const photos = await Promise.all(
      STDLIB_PHOTOS.map(async (name) => {
        const picture = await decode(stdlibPhoto(name));
        return { width: picture.width, height: picture.height, pixels: async () => picture };
      }),
    );
    const [subject, ...others] = photos;
    let found = 0;
    for (let i = 0; i < 4; i++) {
      const made = await compose({ family: 'chat-plain', seed: `model ${i}`, subject, others, longest: 900 });
      const { data, width, height } = made.picture;
      const boxes = decodeBoxes(await run(networkInput(data, width, height, 3)), width, height);
      const wanted = made.boxes.find(({ photo }) => photo === -1);
      if (wanted && boxes.some((box) => rectIou(box, wanted.box) > 0.7)) found++;
    }
    expect(found).toBeGreaterThanOrEqual(3);
  });
});
