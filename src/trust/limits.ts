/**
 * Every limit of the list client, the unit in its name. Clauses are those of docs/list-repository.md.
 * @module
 */

/** Limits of one repository's updates. All are inclusive. */
export interface TrustLimits {
  /** Root metadata, one version. */
  maxRootBytes: number;
  maxTimestampBytes: number;
  maxSnapshotMetadataBytes: number;
  /** Targets metadata, each role. */
  maxTargetsBytes: number;
  /** A list snapshot or delta, whatever its metadata says. */
  maxTargetBytes: number;
  /** Root versions that one update walks (TUF 5.3.2). */
  maxRootRotations: number;
  /** Targets roles that one search visits (TUF 5.6.7.1). */
  maxDelegations: number;
  /** Arrays and objects inside each other in metadata. */
  maxJsonDepth: number;
  /** Older targets files that are fetched to link a new one to the known one (5.4). */
  maxChainHops: number;
  /** Time for one file of metadata; a list gets as much plus its length at `minBytesPerSecond`. */
  fileTimeoutMs: number;
  /** Slowest transfer that is waited for, once `slowGraceMs` have passed. */
  minBytesPerSecond: number;
  /** Time before `minBytesPerSecond` counts. */
  slowGraceMs: number;
  /** Time for one call of the store. */
  storageTimeoutMs: number;
  /** Time that another tab's update is waited for before this one goes on without the lock. */
  lockTimeoutMs: number;
  /** How far a repository's clock may be ahead of this device's (6.4). */
  maxClockSkewMs: number;
}

/** The limits in force where the host sets none; the first six are those of tuf-js, too. */
export const DEFAULT_TRUST_LIMITS: Readonly<TrustLimits> = Object.freeze({
  maxRootBytes: 512_000,
  maxTimestampBytes: 16_384,
  maxSnapshotMetadataBytes: 2_000_000,
  maxTargetsBytes: 5_000_000,
  maxTargetBytes: 2 ** 30,
  maxRootRotations: 256,
  maxDelegations: 32,
  maxJsonDepth: 32,
  maxChainHops: 64,
  fileTimeoutMs: 30_000,
  minBytesPerSecond: 4_096,
  slowGraceMs: 10_000,
  storageTimeoutMs: 15_000,
  lockTimeoutMs: 60_000,
  maxClockSkewMs: 10 * 60_000,
});
