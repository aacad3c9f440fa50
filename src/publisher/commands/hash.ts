/**
 * `presieve hash FILE…`: fingerprints of files.
 * @module
 */
import { Command, Option } from 'commander';
import { createPdqKernel } from '../../kernels/pdq.js';
import { hashToHex } from '../../kernels/pdq-hex.js';
import { isCutOff } from '../../scan/completeness.js';
import { MIN_PDQ_QUALITY } from '../../scan/detail.js';
import { digestFile } from '../../scan/digests.js';
import { withHeic } from '../../scan/heic.js';
import { EXACT_SIGNALS } from '../../scan/lists.js';
import { hashPicture } from '../../scan/pipeline.js';
import { readSlice } from '../../scan/read.js';
import { SNIFF_BYTES, sniff } from '../../scan/sniff.js';
import { CheckFailure } from '../../scan/types.js';
import { SIGNALS, type Signal } from '../../snapshot/types.js';
import { PublisherError, systemReason } from '../errors.js';
import { openFile } from '../file-blob.js';
import { createNodeDecoder } from '../node-decoder.js';
import { NodeHeic } from '../node-heic.js';
import { printable } from '../output.js';
import { requireSharp } from '../require-sharp.js';
import { CLI_LIMITS, type CommandContext, forEachFile } from './context.js';
import { hashVideo } from './hash-video.js';

/** What pictures are hashed with. */
type PictureTools = Parameters<typeof hashPicture>[2];

/** One line of the results. */
interface FileHashes {
  file: string;
  pdq: string | null;
  quality: number | null;
  md5: string;
  sha1: string;
  sha256: string;
}

/** Makes the command. */
export function hashCommand(context: CommandContext): Command {
  return new Command('hash')
    .description('print the PDQ hash, its quality, and the MD5, SHA-1 and SHA-256 of files')
    .argument('<file...>', 'files of any kind')
    .option('--json', 'print one JSON value a line')
    .addOption(
      new Option('--only <signal>', 'print nothing but this hash, one a line: a list for build').choices(
        SIGNALS,
      ),
    )
    .option('--vpdq', 'print the PDQ hash of every frame of one video, as vPDQ does; needs ffmpeg')
    .option('--ffmpeg <path>', 'the ffmpeg to use, with ffprobe beside it; default: on the PATH')
    .action((files: string[], options: Options) => {
      if (options.vpdq) return hashOneVideo(files, options, context);
      if (options.ffmpeg !== undefined) throw new PublisherError('usage', '--ffmpeg is for --vpdq');
      return hashFiles(files, options, context);
    });
}

interface Options {
  json?: true;
  only?: Signal;
  vpdq?: true;
  ffmpeg?: string;
}

async function hashOneVideo(
  files: readonly string[],
  options: Options,
  context: CommandContext,
): Promise<void> {
  if (options.json || options.only)
    throw new PublisherError('usage', '--vpdq prints text of its own: no --json, no --only');
  if (files.length !== 1) throw new PublisherError('usage', '--vpdq takes one file: its output is one list');
  const { close } = await openFile(files[0]);
  await close();
  await hashVideo(files[0], options.ffmpeg, context);
}

async function hashFiles(
  files: readonly string[],
  { json, only }: Options,
  context: CommandContext,
): Promise<void> {
  const { output, finish } = context;
  if (json && only) throw new PublisherError('usage', '--only prints a list, not JSON');
  await requireSharp();
  const heic = new NodeHeic((message) => output.note(message));
  const decoder = withHeic({
    decoder: createNodeDecoder(CLI_LIMITS),
    parts: heic.addTo(),
    limits: CLI_LIMITS,
  });
  const tools = { decoder, kernel: await createPdqKernel(), limits: CLI_LIMITS };
  await forEachFile(
    files,
    context,
    async (file, blob) => {
      const hashes = await hashFile(file, blob, tools, context);
      if (hashes === null) return;
      if (json) await output.json(hashes);
      else if (only !== undefined) await output.text(...listLines(hashes, only));
      else await output.text(...describe(hashes));
    },
    async () => finish(2),
  );
}

/** Null when nobody reads the results any more. */
async function hashFile(
  file: string,
  blob: Blob,
  tools: PictureTools,
  { output }: CommandContext,
): Promise<FileHashes | null> {
  const isCancelled = () => output.closed;
  try {
    const digests = await digestFile(blob, EXACT_SIGNALS, {
      isCancelled,
      onProgress: (fraction) => output.progress(() => `${file}: ${Math.round(fraction * 100)} %`),
    });
    if (digests === null) return null;
    const hex = Object.fromEntries([...digests].map(([signal, bytes]) => [signal, toHex(bytes)]));
    const picture = await hashIfPicture(file, blob, tools, output);
    return { file, ...picture, md5: hex.md5, sha1: hex.sha1, sha256: hex.sha256 };
  } catch (error) {
    if (!(error instanceof CheckFailure)) throw error;
    const cause = (error.cause as { cause?: unknown } | undefined) ?? error;
    throw new PublisherError('input-unreadable', `${file}: ${systemReason(cause)}`, { cause: error });
  }
}

/** The PDQ hash of a picture: on white where it is transparent. Says on standard error why there is none. */
async function hashIfPicture(
  file: string,
  blob: Blob,
  tools: PictureTools,
  output: CommandContext['output'],
): Promise<Pick<FileHashes, 'pdq' | 'quality'>> {
  const none = (reason: string) => {
    output.note(`${printable(file)}: no PDQ hash: ${printable(reason)}`);
    return { pdq: null, quality: null };
  };
  const type = await sniff(await readSlice(blob, 0, SNIFF_BYTES));
  if (type.kind === 'video') return none('a video: --vpdq prints the hashes of its frames');
  if (type.kind !== 'image') return none('not a picture');
  try {
    const hashed = await hashPicture(blob, type, tools, () => output.closed);
    if (hashed === null) return { pdq: null, quality: null };
    const { bits, quality } = hashed.pictures[0].hash;
    if (quality < MIN_PDQ_QUALITY) {
      output.note(
        `${printable(file)}: quality ${quality}: too little detail for this PDQ hash to be compared`,
      );
    }
    if (await isCutOff(blob, type)) {
      output.note(`${printable(file)}: the file ends too early: the PDQ hash is of what is shown of it`);
    }
    return { pdq: hashToHex(bits), quality };
  } catch (error) {
    if (!(error instanceof CheckFailure) || error.reason === 'unreadable') throw error;
    return none(`${error.reason}: ${error.message}`);
  }
}

function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

/** What a list should have of a file: no PDQ hash that no scan would ever compare. */
function listLines(hashes: FileHashes, only: Signal): string[] {
  const hash = only === 'pdq' && (hashes.quality ?? 0) < MIN_PDQ_QUALITY ? null : hashes[only];
  return hash === null ? [] : [hash];
}

function describe({ file, pdq, quality, md5, sha1, sha256 }: FileHashes): string[] {
  return [
    printable(file),
    `  pdq     ${pdq ?? '–'}${quality === null ? '' : `  quality ${quality}`}`,
    `  md5     ${md5}`,
    `  sha1    ${sha1}`,
    `  sha256  ${sha256}`,
  ];
}
