/**
 * A store on a device without transactions: a commit is a row of single writes in the order that `TrustStore.commit`
 * promises, and the power can fail, or one write can, at any of them.
 * @module
 */
import {
  checkRevision,
  type RepositoryState,
  type SnapshotBytes,
  type TrustStore,
} from '../../src/trust/store.js';

/** What outlives a crash. */
export type Device = Map<string, unknown>;

/** See the module. */
export class FragileStore implements TrustStore {
  readonly kind = 'custom';
  readonly #device: Device;
  readonly #failAt: number;
  readonly #dies: boolean;
  /** Writes so far. */
  writes = 0;
  #dead = false;

  /**
   * @param device - shared by all stores of one device
   * @param failAt - number of the write that fails, from 1; 0 for none
   * @param dies - whether everything fails after that
   */
  constructor(device: Device, failAt = 0, dies = true) {
    this.#device = device;
    this.#failAt = failAt;
    this.#dies = dies;
  }

  async readState(repository: string): Promise<RepositoryState | undefined> {
    this.#alive();
    return structuredClone(this.#device.get(`state ${repository}`)) as RepositoryState | undefined;
  }

  async readSnapshot(repository: string, sha256: string): Promise<Uint8Array | undefined> {
    this.#alive();
    return (this.#device.get(`list ${repository} ${sha256}`) as Uint8Array | undefined)?.slice();
  }

  async commit(
    repository: string,
    state: RepositoryState,
    snapshots: readonly SnapshotBytes[],
  ): Promise<void> {
    checkRevision(await this.readState(repository), state);
    for (const { sha256, bytes } of snapshots)
      await this.#write(() => this.#device.set(`list ${repository} ${sha256}`, bytes.slice()));
    await this.#write(() => this.#device.set(`state ${repository}`, structuredClone(state)));
    const named = new Set(state.lists.map((list) => `list ${repository} ${list.sha256}`));
    for (const key of [...this.#device.keys()])
      if (key.startsWith(`list ${repository}`) && !named.has(key))
        await this.#write(() => this.#device.delete(key));
  }

  close(): void {}

  #alive(): void {
    if (this.#dead) throw new Error('the process is dead');
  }

  async #write(write: () => void): Promise<void> {
    await Promise.resolve();
    this.#alive();
    this.writes++;
    if (this.writes === this.#failAt) {
      this.#dead = this.#dies;
      throw new Error('the disk is full');
    }
    write();
  }
}
