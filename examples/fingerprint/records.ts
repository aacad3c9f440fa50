/**
 * Fingerprints as the records of a list, in the form in which StopNCII hands its hashes out: a PDQ hash for a picture, an MD5
 * for a video. Pure: no page, no clock, no randomness of its own.
 * @module
 */
import type { Fingerprint } from 'presieve/fingerprint';

/** A record of a list. */
export interface HashRecord {
  signalType: 'ImagePDQ' | 'VideoMD5';
  hashValue: string;
  hashStatus: 'Received';
  /** Unix time in seconds. */
  lastModtimestamp: number;
  /** The case and its state. */
  caseNumbers: Record<string, 'Active'>;
}

/** Records in one answer. */
export interface HashPage {
  count: number;
  hasMoreRecords: false;
  hashRecords: HashRecord[];
}

/** Below it a hash would match pictures that only have as little in them. */
export const MIN_QUALITY = 50;

/** The extension-like names that the sniffer gives to videos that have no frames here. */
const VIDEO_TYPES = new Set(['mp4', 'm4v', 'mov', 'webm', 'mkv', 'avi', '3gp', 'mpg', 'wmv', 'flv', 'ogv']);

/**
 * @param fingerprint - of a file
 * @returns what would be submitted of it, or why nothing would be
 */
export function signalOf(
  fingerprint: Fingerprint,
): Pick<HashRecord, 'signalType' | 'hashValue'> | { refused: string } {
  const { pdq, vpdq, md5, type } = fingerprint;
  if (pdq !== null) {
    return pdq.quality < MIN_QUALITY
      ? { refused: 'It has too little detail: its fingerprint would fit other pictures, too.' }
      : { signalType: 'ImagePDQ', hashValue: pdq.hash };
  }
  if (vpdq !== null || VIDEO_TYPES.has(type)) return { signalType: 'VideoMD5', hashValue: md5 };
  return { refused: 'It is not a picture or video that this page can open.' };
}

/**
 * @param fingerprints - of a person's files
 * @param caseNumber - made at random by the portal
 * @param nowSeconds - Unix time
 * @returns the page of records, each hash once
 */
export function hashPage(
  fingerprints: readonly Fingerprint[],
  caseNumber: string,
  nowSeconds: number,
): HashPage {
  const records = new Map<string, HashRecord>();
  for (const fingerprint of fingerprints) {
    const signal = signalOf(fingerprint);
    if ('refused' in signal) continue;
    records.set(`${signal.signalType} ${signal.hashValue}`, {
      ...signal,
      hashStatus: 'Received',
      lastModtimestamp: Math.floor(nowSeconds),
      caseNumbers: { [caseNumber]: 'Active' },
    });
  }
  return { count: records.size, hasMoreRecords: false, hashRecords: [...records.values()] };
}
