/**
 * Video clips made with ffmpeg from harmless photos, so that every checkout can test everything.
 * @module
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
// @ts-expect-error: a plain script
import { findFfmpeg } from '../../scripts/find-ffmpeg.mjs';
import { stdlibPhoto } from './photos.js';

/** Names of the photos that {@link stdlibPhoto} takes. */
export type PhotoName = Parameters<typeof stdlibPhoto>[0];

/** A folder of clips; removed with {@link close}. */
export class ClipFolder {
  readonly path = mkdtempSync(join(tmpdir(), 'presieve-clips-'));
  readonly #ffmpeg: string;

  /** A missing ffmpeg is a failure, never a skip. */
  constructor() {
    const command = findFfmpeg() as string | null;
    if (command === null) throw new Error('no ffmpeg found: run "node scripts/find-ffmpeg.mjs"');
    this.#ffmpeg = command;
  }

  /** @returns the path of a file in the folder */
  at(name: string): string {
    return join(this.path, name);
  }

  read(name: string): Uint8Array {
    return new Uint8Array(readFileSync(this.at(name)));
  }

  write(name: string, bytes: Uint8Array): void {
    writeFileSync(this.at(name), bytes);
  }

  /** Runs ffmpeg in the folder. */
  ffmpeg(...args: string[]): void {
    const { status, stderr } = spawnSync(
      this.#ffmpeg,
      ['-hide_banner', '-loglevel', 'error', '-y', ...args],
      {
        cwd: this.path,
        encoding: 'utf8',
      },
    );
    if (status !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${stderr}`);
  }

  /**
   * Films photos, one after the other, the camera moving slowly over each.
   * @param name - of the file: H.264 with sound in what container the name says
   * @param photos - to film
   * @param secondsEach - for each
   * @param encoding - options of the encoder
   */
  film(
    name: string,
    photos: readonly PhotoName[],
    secondsEach: number,
    encoding: readonly string[] = ['-c:v', 'libx264', '-preset', 'ultrafast', '-bf', '2', '-crf', '23'],
  ): void {
    const inputs = photos.flatMap((photo) => {
      this.write(`${photo}.jpg`, stdlibPhoto(photo));
      return ['-loop', '1', '-framerate', '25', '-t', String(secondsEach), '-i', `${photo}.jpg`];
    });
    const moved = photos.map(
      (_, i) =>
        `[${i}:v]scale=720:440:force_original_aspect_ratio=increase,setsar=1,crop=640:360:x='8*t':y='4*t',format=yuv420p[v${i}]`,
    );
    const all = photos.map((_, i) => `[v${i}]`).join('');
    this.ffmpeg(
      ...inputs,
      ...['-f', 'lavfi', '-t', String(secondsEach * photos.length), '-i', 'sine=frequency=440'],
      ...['-filter_complex', `${moved.join(';')};${all}concat=n=${photos.length}:v=1[v]`],
      ...['-map', '[v]', '-map', `${photos.length}:a`, ...encoding, name],
    );
  }

  /** @returns a frame as a PNG */
  frame(name: string, seconds: number): Uint8Array {
    const picture = `${name}-${seconds}.png`;
    this.ffmpeg('-i', name, '-ss', String(seconds), '-frames:v', '1', picture);
    return this.read(picture);
  }

  close(): void {
    rmSync(this.path, { recursive: true, force: true });
  }
}
