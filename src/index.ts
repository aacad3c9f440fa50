/**
 * Presieve: scan a file against hash lists on the user's own device, before it is uploaded.
 *
 * Importing this module does nothing; it can be imported on a server.
 * @module
 */

export { configure, scanBeforeUpload } from './default-scanner.js';
export { ScanError, type ScanErrorCode } from './errors.js';
export { DEFAULT_LIMITS, type Limits } from './limits.js';
export type {
  HostDecodedImage,
  HostDecoder,
  ListSource,
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
} from './outcome.js';
export { DEFAULT_POLICY, type Policy } from './policy.js';
export type { SearchPreset } from './scan/search-plan.js';
export { createScanner, type Scanner } from './scanner.js';
