/**
 * `presieve/publisher`: builds and inspects snapshots. Node only.
 * @module
 */
export type { Limits } from '../limits.js';
export type { AnimationFrames } from '../scan/animation/types.js';
export type { FileKind, FileType } from '../scan/sniff.js';
export type { DecodedImage, ImageDecoder } from '../scan/types.js';
export type { ExactSignal, Signal, VideoThresholds } from '../snapshot/types.js';
export {
  type BuildOptions,
  type BuildProgress,
  type BuildResult,
  buildSnapshot,
  type Embargo,
  type ListInput,
} from './build.js';
export type { ExitCode } from './commands/context.js';
export type { Disclosure } from './disclosure.js';
export { PublisherError, type PublisherErrorCode } from './errors.js';
export type { Finding } from './findings.js';
export {
  type Inspection,
  inspectSnapshot,
  type PdqInspection,
  type SectionInspection,
  type VideoInspection,
} from './inspect.js';
export { addSignal } from './licensed.js';
export { defaultCapacity, type ListChoice } from './list-header.js';
export { type CsvColumns, csvReader } from './lists/csv-reader.js';
export { type NcmecOptions, ncmecReader } from './lists/ncmec-reader.js';
export { bytesSource, fileSource, stdinSource } from './lists/source.js';
export { stopNciiReader } from './lists/stopncii-reader.js';
export { textReader } from './lists/text-reader.js';
export { threatExchangeReader } from './lists/threatexchange-reader.js';
export type { EntrySink, ListReader, ListSource, Skipped } from './lists/types.js';
export { createNodeDecoder } from './node-decoder.js';
export type { CliIo } from './output.js';
export { KEY_BITS, LIST_PRESETS, type ListPreset, type ListWidths, SKETCH_BITS } from './presets.js';
export { runCli } from './program.js';
export type { VideoInput } from './videos/collect-videos.js';
