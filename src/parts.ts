/**
 * Parts: heavy code and data that a host declares, so that no request ever depends on a file that a person picked.
 *
 * A part's code is one self-contained module, which the scan worker imports when it starts, before it sees any file. Its
 * data files are fetched by the page and handed over (src/part-set.ts). A library that this package must not ship (for its
 * licence) is a module as well, which the host serves and the worker imports.
 * @module
 */
import { ScanError } from './errors.js';
import { FINDER_FILES } from './parts/generated/finder-files.js';

/** The parts that exist. */
export const PART_NAMES = ['video', 'finder', 'heic', 'signals'] as const;

/** Name of a part. */
export type PartName = (typeof PART_NAMES)[number];

/** A data file of a part, for example a model or a WebAssembly module. */
export interface PartFile {
  /** Its name for the part's code. */
  name: string;
  url: URL | string;
  /** Its length. */
  bytes: number;
  /** Its SHA-256, in lower-case hex. */
  sha256: string;
}

/** A module of another project that a part needs and this package does not ship. */
export interface PartLibrary {
  url: URL | string;
  /** Its length and its SHA-256 in lower-case hex, if it is to be checked before it is imported: both or none. */
  bytes?: number;
  sha256?: string;
}

/** A part and where it lies. */
export interface Part {
  name: PartName;
  /** The part's code, for example `dist/parts/video.part.js` of this package, on the app's own origin. */
  code: URL | string;
  files?: readonly PartFile[];
  /** What the part `heic` needs besides. */
  library?: PartLibrary;
}

/** A part with absolute addresses. */
export interface ResolvedPart {
  name: PartName;
  code: string;
  files: readonly (PartFile & { url: string })[];
  library?: PartLibrary & { url: string };
}

/** What a part needs besides its code: files that lie beside it. */
type OwnFile = Omit<PartFile, 'url'> & { path: string };

/** Data files of the package's own parts, beside their code; for others, what to pass in place of the bare name. */
const OWN_FILES: Record<PartName, readonly OwnFile[] | string> = {
  video: [],
  finder: FINDER_FILES,
  heic: "'heic' needs a library: pass heicPart(…) from 'presieve/parts/heic'",
  signals: "the code of 'signals' is yours: pass { name, code }",
};

function invalid(message: string): never {
  throw new ScanError('invalid-argument', message);
}

/**
 * Checks the `parts` option.
 * @param parts - what the host passed
 * @returns each part once, with absolute addresses
 * @throws ScanError `invalid-argument`
 */
export function resolveParts(parts: unknown): ResolvedPart[] {
  if (!Array.isArray(parts)) invalid('"parts" must be an array');
  const resolved: ResolvedPart[] = [];
  parts.forEach((part: unknown, i) => {
    const next = resolvePart(part, `parts[${i}]`);
    if (resolved.some(({ name }) => name === next.name)) invalid(`"parts[${i}]" is '${next.name}' again`);
    resolved.push(next);
  });
  return resolved;
}

function resolvePart(part: unknown, option: string): ResolvedPart {
  if (typeof part === 'string' && isPartName(part)) return ownPart(part, option);
  if (typeof part !== 'object' || part === null) invalid(`"${option}" must be ${NAMES} or a part`);
  const { name, code, files = [], library } = part as Partial<Part>;
  if (!isPartName(name)) invalid(`"${option}.name" must be ${NAMES}`);
  if (!Array.isArray(files)) invalid(`"${option}.files" must be an array`);
  return {
    name,
    code: absolute(code, `${option}.code`),
    files: (files as readonly Partial<PartFile>[]).map((file, i) =>
      resolveFile(file, `${option}.files[${i}]`),
    ),
    ...(library !== undefined && { library: resolveLibrary(library, `${option}.library`) }),
  };
}

const NAMES = PART_NAMES.map((name) => `'${name}'`).join(', ');

function isPartName(name: unknown): name is PartName {
  return (PART_NAMES as readonly unknown[]).includes(name);
}

function resolveFile(file: Partial<PartFile> | null, option: string): PartFile & { url: string } {
  if (typeof file !== 'object' || file === null) invalid(`"${option}" must be an object`);
  const { name, url, bytes, sha256 } = file;
  if (typeof name !== 'string' || name === '') invalid(`"${option}.name" must be a name`);
  if (!Number.isSafeInteger(bytes) || (bytes as number) < 0) invalid(`"${option}.bytes" must be a length`);
  if (typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) {
    invalid(`"${option}.sha256" must be 64 lower-case hex digits`);
  }
  return { name, url: absolute(url, `${option}.url`), bytes: bytes as number, sha256 };
}

function resolveLibrary(library: PartLibrary | null, option: string): PartLibrary & { url: string } {
  if (typeof library !== 'object' || library === null) invalid(`"${option}" must be an object`);
  const { url, bytes, sha256 } = library;
  if (bytes === undefined && sha256 === undefined) return { url: absolute(url, `${option}.url`) };
  return resolveFile({ ...library, name: 'library' } as Partial<PartFile>, option);
}

/** @returns the address as the page sees it: the worker resolves relative ones otherwise */
function absolute(url: unknown, option: string): string {
  if (!(url instanceof URL) && (typeof url !== 'string' || url === '')) invalid(`"${option}" must be a URL`);
  try {
    return new URL(url, globalThis.document?.baseURI ?? globalThis.location?.href).href;
  } catch {
    return invalid(`"${option}" is not a URL: ${url}`);
  }
}

/** A part of this package, found beside this module as published: unbundled. */
function ownPart(name: PartName, option: string): ResolvedPart {
  // Not in one expression: bundlers must not follow it, or an app that declares no part would ship them all.
  const base: string | undefined = import.meta.url;
  const at = (path: string) => new URL(`./parts/${path}`, base).href;
  const files = OWN_FILES[name];
  if (typeof files === 'string') return invalid(`"${option}": ${files}`);
  try {
    return {
      name,
      code: at(`${name}.part.js`),
      files: files.map(({ path, ...file }) => ({ ...file, url: at(path) })),
    };
  } catch {
    return invalid(`"${option}" can't be found from here: pass the part from 'presieve/parts/${name}'`);
  }
}
