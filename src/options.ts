/**
 * What a host passes in, and the checks of it.
 * @module
 */
import { ScanError } from './errors.js';
import { DEFAULT_LIMITS, type Limits } from './limits.js';
import type { Action } from './outcome.js';
import { type Part, type PartName, type ResolvedPart, resolveParts } from './parts.js';
import { DEFAULT_POLICY, type Policy } from './policy.js';
import { SEARCH_PLANS, type SearchPreset } from './scan/search-plan.js';
import type { ScannerStatus } from './scanner-status.js';
import {
  mayBeSigned,
  type ResolvedSignedList,
  repositoriesOf,
  resolveSignedList,
  type SignedListSource,
} from './signed-lists.js';
import type { RepositoryConfig } from './trust/update-list.js';

/** A file to scan. Bytes are copied when the scan is asked for. */
export type ScanInput = Blob | ArrayBuffer | Uint8Array;

/** A hash list as it is: a snapshot's bytes, a Blob of them, or the URL that the page fetches them from. */
export type PlainListSource = Uint8Array | ArrayBuffer | Blob | URL | string;

/** A hash list: as it is, or from a signed repository, which keeps it up to date. */
export type ListSource = PlainListSource | SignedListSource;

/** A picture that a host decoded. */
export interface HostDecodedImage {
  width: number;
  height: number;
  /** `width * height * 4` bytes, row-major, upright (EXIF orientation applied), not premultiplied. */
  rgba: Uint8Array | Uint8ClampedArray;
}

/** A decoder of the host's own, for picture types that the platform may not decode. It runs where the scanner was created. */
export interface HostDecoder {
  /** Types to hand over, by the sniffer's names, for example `['heic', 'tiff']`. */
  types: readonly string[];
  /**
   * @param file - the picture
   * @param type - the sniffer's name of its type
   * @returns the pixels, or null to leave the picture to the platform
   */
  decode(file: Blob, type: string): Promise<HostDecodedImage | null>;
}

/** Options of a scanner. */
export interface ScannerOptions {
  /** The lists to scan against. With none, every scan is `inconclusive: no-list`. */
  lists?: readonly ListSource[];
  policy?: Partial<Policy>;
  limits?: Partial<Limits>;
  /** How much a perceptual look-up may try: `fast`, `normal` (default) or `thorough`. */
  search?: SearchPreset;
  /** Put the publishers' labels into matches. Default false. */
  labels?: boolean;
  /** Makes the scan worker; for bundlers and strict content policies. Default: `worker/scan.worker.js` beside this module. */
  createWorker?: () => Worker;
  /** Makes the worker that fetches signed lists. Default: `trust/trust.worker.js` beside this module. */
  createTrustWorker?: () => Worker;
  /** Told of every change of what `status()` gives. */
  onStatus?: (status: ScannerStatus) => void;
  decoder?: HostDecoder;
  /** Count scans on this device for `scanner.statistics()` (docs/statistics.md). Nothing is sent. Default false. */
  statistics?: boolean;
  /** Give each match a random number, kept on this device, that a person can name in an appeal. Default false. */
  appeals?: boolean;
  /**
   * Heavy code that is loaded when the scanner starts, never because of a file: names of this package's parts where it
   * is served unbundled, else the parts themselves, from `presieve/parts/…`.
   */
  parts?: readonly (PartName | Part)[];
}

/** Progress of one scan. Says nothing about what was found. */
export interface ScanProgress {
  /** 0 to 1, never falling. */
  fraction: number;
}

/** Options of one scan. */
export interface ScanOptions {
  /** Ends the scan with `inconclusive: aborted`. */
  signal?: AbortSignal;
  onProgress?: (progress: ScanProgress) => void;
}

/** Options with every default filled in. */
export interface ResolvedOptions {
  plainLists: readonly PlainListSource[];
  signedLists: readonly ResolvedSignedList[];
  repositories: readonly RepositoryConfig[];
  policy: Policy;
  limits: Limits;
  labels: boolean;
  search: SearchPreset;
  createWorker: (() => Worker) | undefined;
  createTrustWorker: (() => Worker) | undefined;
  onStatus: ((status: ScannerStatus) => void) | undefined;
  decoder: HostDecoder | undefined;
  statistics: boolean;
  appeals: boolean;
  parts: readonly ResolvedPart[];
}

const ACTIONS: readonly Action[] = ['block', 'ask', 'allow'];
const ON_EXPIRED_LIST: readonly Policy['onExpiredList'][] = ['scan', 'inconclusive'];

function invalid(message: string): never {
  throw new ScanError('invalid-argument', message);
}

/** True for a Blob or File of any realm. */
export function isBlob(value: unknown): value is Blob {
  const blob = value as Blob | null;
  return (
    typeof blob === 'object' &&
    blob !== null &&
    typeof blob.size === 'number' &&
    typeof blob.slice === 'function' &&
    typeof blob.arrayBuffer === 'function'
  );
}

/**
 * @param file - what the host passed as a file
 * @returns a Blob of it
 * @throws ScanError `invalid-argument`
 */
export function toBlob(file: unknown): Blob {
  if (isBlob(file)) return file;
  if (ArrayBuffer.isView(file) || file instanceof ArrayBuffer) return new Blob([file as BlobPart]);
  return invalid('"file" must be a File, a Blob, an ArrayBuffer or a Uint8Array');
}

function isPlainListSource(value: unknown): value is PlainListSource {
  return (
    isBlob(value) ||
    value instanceof ArrayBuffer ||
    value instanceof Uint8Array ||
    value instanceof URL ||
    (typeof value === 'string' && value !== '')
  );
}

function resolvePolicy(policy: Partial<Policy> = {}): Policy {
  for (const [name, action] of Object.entries(policy)) {
    if (!(name in DEFAULT_POLICY)) invalid(`"policy.${name}" is not an option`);
    if (action === undefined) continue;
    if (name === 'onExpiredList') {
      if (!(ON_EXPIRED_LIST as readonly string[]).includes(action))
        invalid(`"policy.${name}" must be 'scan' or 'inconclusive'`);
    } else if (!(ACTIONS as readonly string[]).includes(action)) {
      invalid(`"policy.${name}" must be 'block', 'ask' or 'allow'`);
    }
  }
  const given = Object.fromEntries(Object.entries(policy).filter(([, action]) => action !== undefined));
  const merged: Policy = { ...DEFAULT_POLICY, ...given };
  if (policy.onExactWeakMatch === undefined) merged.onExactWeakMatch = merged.onExactMatch;
  return merged;
}

function resolveLimits(limits: Partial<Limits> = {}): Limits {
  const merged: Limits = { ...DEFAULT_LIMITS };
  for (const [name, value] of Object.entries(limits)) {
    if (!(name in DEFAULT_LIMITS)) invalid(`"limits.${name}" is not an option`);
    if (value === undefined) continue;
    if (typeof value !== 'number' || !(value >= 0)) invalid(`"limits.${name}" must be a number, 0 or more`);
    merged[name as keyof Limits] = value;
  }
  return merged;
}

/**
 * Checks a host's options and fills in the defaults.
 * @param options - what the host passed
 * @returns every option, resolved
 * @throws ScanError `invalid-argument`, the message beginning with the option's name
 */
export function resolveOptions(options: ScannerOptions = {}): ResolvedOptions {
  if (typeof options !== 'object' || options === null) invalid('"options" must be an object');
  const lists = options.lists ?? [];
  if (!Array.isArray(lists)) invalid('"lists" must be an array');
  const plainLists: PlainListSource[] = [];
  const signedLists: ResolvedSignedList[] = [];
  lists.forEach((list: unknown, i) => {
    if (isPlainListSource(list)) plainLists.push(list);
    else if (mayBeSigned(list)) signedLists.push(resolveSignedList(list, `lists[${i}]`));
    else invalid(`"lists[${i}]" must be snapshot bytes, a Blob, a URL or a signed list`);
  });
  const { createWorker, createTrustWorker, onStatus, decoder, labels = false, search = 'normal' } = options;
  const { statistics = false, appeals = false } = options;
  for (const [name, value] of Object.entries({ labels, statistics, appeals }))
    if (typeof value !== 'boolean') invalid(`"${name}" must be true or false`);
  if (!Object.hasOwn(SEARCH_PLANS, search)) invalid(`"search" must be 'fast', 'normal' or 'thorough'`);
  if (createWorker !== undefined && typeof createWorker !== 'function') {
    invalid('"createWorker" must be a function that returns a Worker');
  }
  if (createTrustWorker !== undefined && typeof createTrustWorker !== 'function') {
    invalid('"createTrustWorker" must be a function that returns a Worker');
  }
  if (onStatus !== undefined && typeof onStatus !== 'function') invalid('"onStatus" must be a function');
  if (decoder !== undefined && (typeof decoder.decode !== 'function' || !Array.isArray(decoder.types))) {
    invalid('"decoder" must have types (an array) and decode (a function)');
  }
  return {
    plainLists,
    signedLists,
    repositories: repositoriesOf(signedLists),
    policy: resolvePolicy(options.policy),
    limits: resolveLimits(options.limits),
    labels,
    search,
    createWorker,
    createTrustWorker,
    onStatus,
    decoder,
    statistics,
    appeals,
    parts: resolveParts(options.parts ?? []),
  };
}
