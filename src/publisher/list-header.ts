/**
 * Name, version, time and widths of a list: chosen at its first build, carried on from the version before.
 * @module
 */
import { randomBytes } from 'node:crypto';
import { defaultParameters, MAX_CAPACITY } from '../snapshot/parameters.js';
import { encodeText } from '../snapshot/text.js';
import type { Snapshot, SnapshotHeader } from '../snapshot/types.js';
import { PublisherError } from './errors.js';

/** What a publisher chooses for a list. */
export interface ListChoice {
  /** 1 to 255 bytes of UTF-8. Needed without a base. */
  name?: string;
  /** List version, 1 to 2^32 - 1; higher than the base's. */
  version: number;
  /** Unix time in seconds. */
  createdSeconds: number;
  /** Marks a list of harmless pictures. Default: as the base. */
  demo?: boolean;
  /** Entries that any one section may grow to. Default: twice the largest of the first build, as {@link defaultCapacity} rounds it. */
  capacity?: number;
  /** 16 bytes; default: random. */
  salt?: Uint8Array;
}

const LAST_SECOND_OF_9999 = 253_402_300_799;

/** Least default capacity: growing beyond it costs every client a whole download, and smallness gains little. */
const MIN_DEFAULT_CAPACITY = 2 ** 16;

/**
 * @param entries - of the largest section at the first build
 * @returns a power of two, so that no fraction of a bit is wasted: twice to four times as many
 */
export function defaultCapacity(entries: number): number {
  let capacity = MIN_DEFAULT_CAPACITY;
  while (capacity < entries * 2) capacity *= 2;
  return Math.min(capacity, MAX_CAPACITY);
}

/**
 * @param choice - what the publisher chose
 * @param base - the version before, if there is one
 * @param entries - of the largest section
 * @returns the header of the new version
 * @throws PublisherError `usage` for a value that the format doesn't allow, `base-conflict` where the choice and
 *   the base disagree
 */
export function resolveHeader(
  choice: ListChoice,
  base: Snapshot | undefined,
  entries: number,
): SnapshotHeader {
  const { version, createdSeconds } = choice;
  if (!Number.isInteger(version) || version < 1 || version > 0xffffffff) {
    throw new PublisherError('usage', 'the list version must be a whole number from 1 to 4294967295');
  }
  if (!Number.isInteger(createdSeconds) || createdSeconds < 0 || createdSeconds > LAST_SECOND_OF_9999) {
    throw new PublisherError('usage', 'the time of creation must be in seconds since 1970');
  }
  if (base !== undefined) return carryOn(base.header, choice);
  if (choice.name === undefined) throw new PublisherError('usage', 'a list needs a name');
  checkName(choice.name);
  const { name, demo = false, capacity = defaultCapacity(entries) } = choice;
  try {
    const parameters = defaultParameters({ capacity, salt: choice.salt ?? randomBytes(16) });
    return { ...parameters, name, version, createdSeconds, demo };
  } catch (cause) {
    throw new PublisherError('usage', (cause as Error).message, { cause });
  }
}

function carryOn(base: SnapshotHeader, choice: ListChoice): SnapshotHeader {
  const conflict = (message: string): never => {
    throw new PublisherError('base-conflict', message);
  };
  const { name, version, createdSeconds, demo, capacity, salt } = choice;
  if (name !== undefined && name !== base.name) {
    conflict(`the base is a version of "${base.name}", not of "${name}": the name of a list stays`);
  }
  if (version <= base.version) {
    conflict(`the list version must be higher than the base's, which is ${base.version}`);
  }
  if (capacity !== undefined && capacity !== base.capacity) {
    conflict(`the base has a capacity of ${base.capacity}, which stays: leave --capacity out`);
  }
  if (salt !== undefined && !base.salt.every((byte, i) => byte === salt[i])) {
    conflict('the base has another salt, which stays: leave --salt out');
  }
  if (demo !== undefined && demo !== base.demo) {
    conflict(base.demo ? 'the base is a demo list, and stays one' : 'the base is not a demo list');
  }
  return { ...base, version, createdSeconds };
}

function checkName(name: string): void {
  try {
    if (encodeText(name, 'name').length > 0) return;
  } catch (cause) {
    throw new PublisherError('usage', (cause as Error).message, { cause });
  }
  throw new PublisherError('usage', 'the name of a list must not be empty');
}
