import { describe, expect, it } from 'vitest';
import { MAX_FRAME_CHARACTERS, readVpdq, type VpdqFrame } from '../../../src/publisher/videos/vpdq-reader.js';
import { made } from '../lists/read-list.js';

const HASHES = [made(64, 1), made(64, 2), made(64, 3)];
const LINES = HASHES.map((hash, i) => `${i},${100 - i},${hash},${(i / 30).toFixed(3)}`);
const FRAMES = HASHES.map((hash, i) => ({ hash, quality: 100 - i, seconds: Number((i / 30).toFixed(3)) }));
const STRINGS = FRAMES.map(({ hash, quality, seconds }) => `${hash},${quality},${seconds.toFixed(3)}`);
const OBJECTS = Object.fromEntries(
  FRAMES.map(({ hash, quality, seconds }, i) => [i, { quality, hash, timestamp: seconds }]),
);

async function read(content: string | Uint8Array, chunkBytes = 1 << 20) {
  const bytes = typeof content === 'string' ? Buffer.from(content) : content;
  const frames: (Omit<VpdqFrame, 'hash'> & { hash: string })[] = [];
  const problems: string[] = [];
  async function* chunks() {
    for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
  }
  await readVpdq(chunks(), {
    frame: ({ hash, ...rest }) => frames.push({ hash: Buffer.from(hash).toString('hex'), ...rest }),
    problem: (line, message) => problems.push(`${line}: ${message}`),
  });
  return { frames, problems };
}

describe('vPDQ as text and as JSON', () => {
  const same: [string, string][] = [
    ['text', `${LINES.join('\n')}\n`],
    ['text without a last line feed', LINES.join('\n')],
    ['text with CR LF, blank lines, a byte order mark', `\ufeff${LINES.join('\r\n\r\n')}\r\n`],
    ['text in upper case with spaces', LINES.join('\n').toUpperCase().replaceAll(',', ' , ')],
    ['an array of strings', JSON.stringify(STRINGS)],
    ['an array of strings in lines', `\n ${JSON.stringify(STRINGS, null, 1)}\n`],
    ['an object of frames', JSON.stringify(OBJECTS)],
    ['an object of frames in lines', JSON.stringify(OBJECTS, null, 2)],
  ];
  it.each(same)('%s: the same frames', async (_, content) => {
    for (const chunkBytes of [1, 7, 1 << 20])
      expect(await read(content, chunkBytes)).toEqual({ frames: FRAMES, problems: [] });
  });

  it.each([
    ['', '0: holds no frame'],
    ['\n\n', '0: holds no frame'],
    ['[]', '0: holds no frame'],
    ['{}', '0: holds no frame'],
    ['frame,quality,hash,timestamp', '1: the frame number is no whole number'],
    [LINES[0].replace(',0.000', ''), '1: expected the four columns frame,quality,hash,timestamp, found 3'],
    [`${LINES[0]},x`, '1: expected the four columns frame,quality,hash,timestamp, found 5'],
    [LINES[0].replace('100', '101'), '1: the quality is no whole number from 0 to 100'],
    [LINES[0].replace('100', '-1'), '1: the quality is no whole number from 0 to 100'],
    [LINES[0].replace('100', '99.5'), '1: the quality is no whole number from 0 to 100'],
    [LINES[0].replace('0.000', '1e3'), '1: the timestamp is no number of seconds'],
    [LINES[0].replace('0.000', '-0.1'), '1: the timestamp is no number of seconds'],
    [LINES[0].replace('0.000', 'nan'), '1: the timestamp is no number of seconds'],
    [LINES[0].replace(HASHES[0], HASHES[0].slice(1)), '1: expected 64 hex digits, found 63'],
    [
      LINES[0].replace(HASHES[0], `g${HASHES[0].slice(1)}`),
      '1: expected 64 hex digits, found another character',
    ],
    [`${LINES[0]}\n${LINES[0]}`, '2: the frame number is not above the one before'],
    [
      `${LINES[1]}\n${LINES[2].replace(',0.067', ',0.001')}`,
      '2: the timestamp is before the one of the frame before',
    ],
    ['x'.repeat(MAX_FRAME_CHARACTERS + 1), `1: longer than ${MAX_FRAME_CHARACTERS} characters`],
    ['["a,b"]', "1: expected 'hash,quality,timestamp', found 2 fields"],
    [
      `["${STRINGS[0]}",\n"${STRINGS[1].replace('99', '999')}"]`,
      '2: the quality is no whole number from 0 to 100',
    ],
    ['{"0":{}}', "1: a frame needs a 'quality', a 'hash' and a 'timestamp'"],
    [`{"x":${JSON.stringify(OBJECTS[0])}}`, '1: the frame number is no whole number'],
    ['[1]', "1: is no JSON of vPDQ: an array of 'hash,quality,timestamp' strings, or an object of frames"],
    ['[[1]]', "1: is no JSON of vPDQ: an array of 'hash,quality,timestamp' strings, or an object of frames"],
    [`["${STRINGS[0]}"`, '1: ends too early'],
    [`["${STRINGS[0]}"]\n["${STRINGS[0]}"]`, '2: has something behind its value'],
    ['[x]', '1: is not well-formed JSON'],
    [
      `["${'x'.repeat(3 * MAX_FRAME_CHARACTERS)}"]`,
      `1: has a frame longer than ${MAX_FRAME_CHARACTERS} characters`,
    ],
    [Uint8Array.of(0x30, 0xff, 0xff), '0: is not UTF-8, somewhere after line 1'],
    [Uint8Array.of(0x1f, 0x8b, 8, 0, 0), '0: is compressed with gzip; unpack it first'],
  ])('%j: a problem with its line', async (content, problem) => {
    const { problems } = await read(content);
    expect(problems[0]).toBe(problem);
  });

  it('goes on after a bad line', async () => {
    const { frames, problems } = await read([LINES[0], 'bad', LINES[2]].join('\n'));
    expect(frames).toEqual([FRAMES[0], FRAMES[2]]);
    expect(problems).toHaveLength(1);
  });

  it('holds no more than a line of a file that never ends one', async () => {
    async function* endless() {
      for (let i = 0; i < 2000; i++) yield Buffer.alloc(32 * 1024, 0x61);
    }
    const before = process.memoryUsage().heapUsed;
    const problems: string[] = [];
    await readVpdq(endless(), {
      frame: () => {},
      problem: (_, message) => problems.push(message),
    });
    expect(problems).toEqual([`longer than ${MAX_FRAME_CHARACTERS} characters`]);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(50 * 2 ** 20);
  });
});
