/**
 * A store that goes on in memory when its storage fails: an update that can't be written still protects until the worker
 * ends, and the old state is what a restart finds. The status says so.
 * @module
 */
import { TrustError, type TrustFailure, toFailure } from './errors.js';
import { MemoryStore, type RepositoryState, type SnapshotBytes, type TrustStore } from './store.js';

/** See the module. */
export class FallbackStore implements TrustStore {
  readonly #primary: TrustStore;
  readonly #memory = new MemoryStore();
  /** Repositories whose newer state is in memory. */
  readonly #moved = new Set<string>();
  #reason: TrustFailure | undefined;

  /** @param primary - where things are kept for as long as it works */
  constructor(primary: TrustStore) {
    this.#primary = primary;
    this.#reason = primary.fallbackReason;
  }

  get kind(): TrustStore['kind'] {
    return this.#moved.size > 0 ? 'memory' : this.#primary.kind;
  }

  get fallbackReason(): TrustFailure | undefined {
    return this.#reason;
  }

  async readState(repository: string): Promise<RepositoryState | undefined> {
    if (this.#moved.has(repository)) return this.#memory.readState(repository);
    try {
      return await this.#primary.readState(repository);
    } catch (error) {
      // Unread state is not forgotten state: what storage holds is met again at the next start.
      this.#move(repository, error);
      return undefined;
    }
  }

  async readSnapshot(repository: string, sha256: string): Promise<Uint8Array | undefined> {
    const kept = await this.#memory.readSnapshot(repository, sha256);
    if (kept !== undefined) return kept;
    try {
      return await this.#primary.readSnapshot(repository, sha256);
    } catch (error) {
      this.#reason ??= toFailure(error);
      return undefined;
    }
  }

  async commit(
    repository: string,
    state: RepositoryState,
    snapshots: readonly SnapshotBytes[],
  ): Promise<void> {
    if (!this.#moved.has(repository)) {
      try {
        return await this.#primary.commit(repository, state, snapshots);
      } catch (error) {
        if (error instanceof TrustError && error.code === 'conflict') throw error;
        this.#move(repository, error);
        this.#memory.adopt(repository, { ...state, revision: state.revision - 1 });
      }
    }
    return this.#memory.commit(repository, state, snapshots);
  }

  close(): void {
    this.#primary.close();
  }

  #move(repository: string, error: unknown): void {
    this.#moved.add(repository);
    this.#reason = toFailure(error);
  }
}
