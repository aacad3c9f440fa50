/**
 * Presieve: scan a file against hash lists on the user's own device, before it is uploaded.
 *
 * Importing this module does nothing; it can be imported on a server.
 * @module
 */

export { configure, scanBeforeUpload } from './default-scanner.js';
export { ScanError, type ScanErrorCode } from './errors.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export type { ListRejection } from './list-set.js';
export type {
  HostDecodedImage,
  HostDecoder,
  ListSource,
  PlainListSource,
  ScanInput,
  ScannerOptions,
  ScanOptions,
  ScanProgress,
} from './options.js';
export type {
  Action,
  Coverage,
  CoverageNote,
  InconclusiveReason,
  ListInUse,
  Match,
  MatchSignal,
  Outcome,
  Verdict,
  VideoCoverage,
} from './outcome.js';
export type { PartStatus } from './part-set.js';
export type { Part, PartFile, PartLibrary, PartName } from './parts.js';
export { DEFAULT_POLICY, type Policy } from './policy.js';
export type { Appeal } from './records/appeals.js';
export type { SearchPreset } from './scan/search-plan.js';
export type { VideoCodecName } from './scan/video.js';
export { createScanner, type Scanner } from './scanner.js';
export type { ScannerListStatus, ScannerStatus } from './scanner-status.js';
export type { SignedListSource } from './signed-lists.js';
export type { Measure } from './statistics/cells.js';
export {
  type SmallCount,
  type StatisticsExport,
  type StatisticsRow,
  statisticsToCsv,
} from './statistics/export.js';
export type { TrustErrorCode, TrustFailure } from './trust/errors.js';
export type { ApprovingKey, ListStatus, RepositoryStatus } from './trust/status.js';
export type { LastUpdate, StoreKind, UpdateStatistics } from './trust/store.js';
export type { UpdaterStatus } from './trust/trust-client.js';
