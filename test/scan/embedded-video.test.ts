import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { embeddedVideos } from '../../src/scan/embedded-video.js';
import { sniff } from '../../src/scan/sniff.js';
import { box, heicFixture } from '../support/heif.js';
import {
  type DirectoryItem,
  directoryXmp,
  MOTION_KINDS,
  motionPhoto,
  samsungTrailer,
  withXmp,
} from '../support/motion.js';
import { stdlibPhoto } from '../support/photos.js';

const jpeg = stdlibPhoto('nagasaki-boats');
const heic = heicFixture('boats');
const video = new Uint8Array(
  Buffer.concat([
    box('ftyp', new TextEncoder().encode('isom'), new Uint8Array(4)),
    box('mdat', new Uint8Array(5000).fill(0xff)),
  ]),
);
const joined = (...parts: Uint8Array[]) => new Uint8Array(Buffer.concat(parts));

/** Counts what is read of it. */
class CountedBlob extends Blob {
  read = 0;
  override slice(start = 0, end = this.size, type?: string): Blob {
    this.read += Math.max(0, Math.min(end, this.size) - start);
    return super.slice(start, end, type);
  }
}

const find = async (bytes: Uint8Array) =>
  embeddedVideos(new Blob([bytes as BlobPart]), await sniff(bytes.slice(0, 4096)));

const found = async (bytes: Uint8Array) => {
  const { videos, lost } = await find(bytes);
  if (videos.length === 0) return lost ? 'lost' : 'none';
  return videos.map(({ start, end }) => bytes.slice(start, end));
};

describe('the video inside', () => {
  it.each(MOTION_KINDS)('a motion photo of the kind "%s" is found, byte for byte', async (kind) => {
    const bytes = motionPhoto(kind, kind === 'heic' ? heic : jpeg, video);
    expect(await found(bytes)).toEqual([video]);
  });

  it('a HEIC with Samsung’s trailer is found', async () => {
    expect(await found(joined(heic, samsungTrailer('MotionPhoto_Data', video)))).toEqual([video]);
  });

  it('a file that two ways name is given once', async () => {
    const twice = withXmp(
      jpeg,
      `GCamera:MicroVideoOffset="${video.length}"`,
      directoryXmp([{ semantic: 'Primary' }, { semantic: 'MotionPhoto', length: video.length }]),
    );
    expect(await found(joined(twice, video))).toEqual([video]);
  });

  it('is found behind a gain map, before a further file, and among padding', async () => {
    const map = new Uint8Array(777).fill(7);
    const items: DirectoryItem[] = [
      { semantic: 'Primary', padding: 24 },
      { semantic: 'GainMap', length: map.length },
      { semantic: 'MotionPhoto', length: video.length, padding: 8 },
      { semantic: 'Other', length: 100 },
    ];
    const parts = [new Uint8Array(24), map, video, new Uint8Array(8), new Uint8Array(100)];
    expect(await found(joined(withXmp(jpeg, '', directoryXmp(items)), ...parts))).toEqual([video]);
  });

  it('an old phone’s file is found where the offset is an element', async () => {
    const xmp = `<GCamera:MicroVideoOffset>${video.length}</GCamera:MicroVideoOffset>`;
    expect(await found(joined(withXmp(jpeg, '', xmp), video))).toEqual([video]);
  });

  it('an ordinary picture is none', async () => {
    expect(await found(jpeg)).toBe('none');
    expect(await found(heic)).toBe('none');
    expect(await found(joined(jpeg, video))).toBe('none');
    expect(await found(joined(jpeg, samsungTrailer('Another_Data', video)))).toBe('none');
  });

  it('a file whose video was taken away is none; one with something else in its place is lost', async () => {
    for (const kind of ['directory', 'offset'] as const) {
      const whole = motionPhoto(kind, jpeg, video);
      const noise = new Uint8Array(video.length).fill(9);
      expect(await found(joined(whole.subarray(0, -video.length), noise)), kind).toBe('lost');
    }
    const big = withXmp(jpeg, 'GCamera:MicroVideoOffset="999999999"');
    expect(await found(big)).toBe('none');
  });

  it('nothing is read of what is long', async () => {
    const long = new Uint8Array(64 * 1024 * 1024);
    long.set(video.subarray(0, 100));
    for (const kind of MOTION_KINDS) {
      const bytes = motionPhoto(kind, kind === 'heic' ? heic : jpeg, long);
      const blob = new CountedBlob([bytes]);
      expect((await embeddedVideos(blob, await sniff(bytes.slice(0, 4096)))).videos).toHaveLength(1);
      expect(blob.read).toBeLessThan(2 * 1024 * 1024);
    }
  });
});

describe('hostile files', () => {
  it.each<[string, string]>([
    ['a negative offset', 'GCamera:MicroVideoOffset="-5"'],
    ['no number', 'GCamera:MicroVideoOffset="NaN"'],
    ['an offset of nothing', 'GCamera:MicroVideoOffset="0"'],
    ['an offset of one byte', 'GCamera:MicroVideoOffset="1"'],
    ['more digits than a number has', `GCamera:MicroVideoOffset="${'9'.repeat(400)}"`],
    ['the whole file', 'GCamera:MicroVideoOffset="999999999999999"'],
  ])('%s is no video', async (_what, attribute) => {
    expect(await found(withXmp(jpeg, attribute))).toBe('none');
  });

  it.each<[string, DirectoryItem[]]>([
    [
      'lengths that run over',
      [{ semantic: 'MotionPhoto', length: '9'.repeat(15), padding: 999_999_999_999_999 }],
    ],
    ['a length of nothing', [{ semantic: 'MotionPhoto', length: 0 }]],
    ['a negative length', [{ semantic: 'MotionPhoto', length: '-100' }]],
    ['a thousand items', Array.from({ length: 500 }, () => ({ semantic: 'MotionPhoto', length: 1 }))],
  ])('a directory with %s is no video', async (_what, items) => {
    const result = await find(withXmp(jpeg, '', directoryXmp(items)));
    expect(result.videos).toEqual([]);
  });

  it('the place of the picture itself is no video', async () => {
    const tagged = withXmp(jpeg, 'GCamera:MicroVideoOffset="0000000"');
    const length = String(tagged.length).padStart(7, '0');
    expect(await found(withXmp(jpeg, `GCamera:MicroVideoOffset="${length}"`))).toBe('none');
  });

  it('any change of a motion photo’s bytes is survived, and places lie within the file', async () => {
    const small = jpeg.subarray(0, 3000);
    const files = [
      ...(['directory', 'offset', 'samsung'] as const).map((kind) => motionPhoto(kind, small, video)),
      motionPhoto('heic', heic, video),
      joined(small, samsungTrailer('MotionPhoto_Data', video.subarray(0, 200))),
    ];
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...files),
        fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat(255)), { maxLength: 12 }),
        fc.boolean(),
        async (file, changes, atEnds) => {
          const bytes = file.slice();
          for (const [where, value] of changes) {
            const reach = atEnds ? 600 : bytes.length - 1;
            const at = Math.floor(where * reach);
            bytes[where > 0.5 && atEnds ? bytes.length - 1 - at : at] = value;
          }
          for (const kind of ['jpeg', 'heic']) {
            const type = { kind: 'image', type: kind, decodable: true, animated: false } as const;
            const { videos } = await embeddedVideos(new Blob([bytes]), type);
            for (const { start, end } of videos) {
              expect(start).toBeGreaterThan(0);
              expect(end).toBeGreaterThan(start);
              expect(end).toBeLessThanOrEqual(bytes.length);
            }
          }
        },
      ),
      { numRuns: 300 },
    );
  });
});
