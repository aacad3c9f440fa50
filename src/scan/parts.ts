/**
 * The seam to the parts: what each gives to the pipeline, and how a scan comes by one that may still be loading.
 * @module
 */
import type { CoverageNote } from '../outcome.js';
import type { PartName } from '../parts.js';
import type { PictureFinder } from './finder.js';
import type { HeicPart } from './heic.js';
import type { SignalsPart } from './signals.js';
import type { VideoPart } from './video.js';

/** What each part gives. */
export interface PartInterfaces {
  video: VideoPart;
  finder: PictureFinder;
  heic: HeicPart;
  signals: SignalsPart;
}

/** What the module of a part's code exports, as `part`. */
export interface PartModule<Name extends PartName = PartName> {
  readonly name: Name;
  /** Version of the package that it was built with. */
  readonly version: string;
  /**
   * @param files - its data files by name; the part's own from now on
   * @param library - the imported module of its library, where it has one
   * @throws Error that says what is wrong with them
   */
  create(
    files: ReadonlyMap<string, Uint8Array>,
    library?: unknown,
  ): PartInterfaces[Name] | Promise<PartInterfaces[Name]>;
}

/** The parts of a scan. */
export interface ScanParts {
  /** True for a part that was declared, whatever became of it. */
  has(name: PartName): boolean;
  /** @returns the part once it is loaded, or null if it was not declared or could not be loaded */
  get<Name extends PartName>(name: Name): Promise<PartInterfaces[Name] | null>;
}

/** Share of the time left to a scan that it waits for a part. */
const WAIT_SHARE = 0.5;

/**
 * Comes by a part, within the scan's deadline.
 * @param name - the part
 * @param parts - the scan's parts, if it has any
 * @param remainingMs - time left to the scan
 * @param notes - gets `part-missing` where the part was declared and can't be had in time
 * @returns the part, or null
 */
export async function takePart<Name extends PartName>(
  name: Name,
  parts: ScanParts | undefined,
  remainingMs: number,
  notes: CoverageNote[],
): Promise<PartInterfaces[Name] | null> {
  if (!parts?.has(name)) return null;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<null>((resolve) => {
    const ms = Math.min(remainingMs * WAIT_SHARE, 2 ** 31 - 1);
    timer = setTimeout(() => resolve(null), ms);
  });
  try {
    const part = await Promise.race([parts.get(name), patience]);
    if (part === null && !notes.includes('part-missing')) notes.push('part-missing');
    return part;
  } finally {
    clearTimeout(timer);
  }
}
