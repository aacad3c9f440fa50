/**
 * The lists of one scanner: those that the host gave, and of the signed ones which are in use, which are offered, and
 * which the scan worker could not open. Kept on the page, so that a new worker opens the same lists again.
 * @module
 */
import type { ResolvedSignedList } from './signed-lists.js';
import type { TrustedList } from './trust/repository.js';
import type { ListToOpen, OpenedListInfo, OpenListsReply } from './worker/protocol.js';

/** Why a newer list is not in use although the trust worker accepted it. */
export interface ListRejection {
  /**
   * - `list-invalid`: the scan worker can't read it.
   * - `worker-lost`: the scan worker died of it twice, or did not answer; it is tried again when any list changes.
   * - `rollback`: it is older than the one in use.
   */
  code: 'list-invalid' | 'worker-lost' | 'rollback';
  message: string;
  version: number;
}

/** A signed list, its bytes as a Blob. */
export interface SignedEntry extends Omit<TrustedList, 'bytes'> {
  readonly snapshot: Blob;
}

/** A list in use. */
export type EntryInUse =
  | { readonly kind: 'plain'; readonly snapshot: Blob; readonly info: OpenedListInfo | undefined }
  | { readonly kind: 'signed'; readonly list: SignedEntry; readonly info: OpenedListInfo | undefined };

/** Workers that may be lost over a list before it is left. */
const MAX_LOSSES = 2;

/** Name of a list over its versions. */
const slotOf = ({ repository, name, urgent }: Pick<SignedEntry, 'repository' | 'name' | 'urgent'>) =>
  JSON.stringify([repository, name, urgent]);

/** See the module. */
export class ListSet {
  readonly #wanted: readonly ResolvedSignedList[];
  #plain: readonly Blob[] = [];
  #inUse: readonly SignedEntry[] = [];
  #offered: readonly SignedEntry[] = [];
  #infos: readonly OpenedListInfo[] = [];
  /** By slot. */
  readonly #rejections = new Map<string, ListRejection & { sha256: string }>();
  /** How often a worker was lost over a list, by digest. */
  readonly #losses = new Map<string, number>();

  constructor(wanted: readonly ResolvedSignedList[]) {
    this.#wanted = wanted;
  }

  /** Sets the lists that the host gave. */
  setPlain(snapshots: readonly Blob[]): void {
    this.#plain = snapshots;
  }

  /** Takes all usable signed lists; they are in use once {@link swap} has had them opened. */
  offer(lists: readonly TrustedList[]): void {
    this.#offered = lists.map(({ bytes, ...list }) => ({
      ...list,
      // A list that is open stays the Blob that it was: the copy is dropped.
      snapshot:
        this.#inUse.find(({ sha256 }) => sha256 === list.sha256)?.snapshot ?? new Blob([bytes as BlobPart]),
    }));
    // What a dying worker was blamed on may have been the device's fault.
    this.#losses.clear();
    for (const [slot, { code }] of this.#rejections)
      if (code === 'worker-lost') this.#rejections.delete(slot);
  }

  /** True while a signed list that the host asked for is not in use. */
  get missing(): boolean {
    return this.#isMissingIn(this.#inUse);
  }

  /** True if an offered list is neither in use nor rejected. */
  get hasUntried(): boolean {
    return this.#choose().some((entry) => !this.#inUse.some(({ sha256 }) => sha256 === entry.sha256));
  }

  /** What a new worker opens. */
  get toOpen(): ListToOpen[] {
    return this.#toOpen(this.#inUse);
  }

  get inUse(): EntryInUse[] {
    const infos = this.#infos;
    return [
      ...this.#plain.map((snapshot, i) => ({ kind: 'plain' as const, snapshot, info: infos[i] })),
      ...this.#inUse.map((list, i) => ({
        kind: 'signed' as const,
        list,
        info: infos[this.#plain.length + i],
      })),
    ];
  }

  /** Remembers what the worker said of {@link toOpen}. */
  opened(infos: readonly OpenedListInfo[]): void {
    this.#infos = infos;
  }

  /** @returns why the newest of a list is not in use, or undefined */
  rejectionOf(list: Pick<SignedEntry, 'repository' | 'name' | 'urgent'>): ListRejection | undefined {
    const rejection = this.#rejections.get(slotOf(list));
    return rejection && { code: rejection.code, message: rejection.message, version: rejection.version };
  }

  /**
   * Has a worker open the offered lists. One that it can't open is left, and the one before it stays in use.
   * @param open - the worker; rejects if it is lost
   * @throws whatever `open` rejects with; the lists in use are then those from before
   */
  async swap(open: (lists: ListToOpen[], missing: boolean) => Promise<OpenListsReply>): Promise<void> {
    for (;;) {
      const next = this.#choose();
      const fresh = next.filter((entry) => !this.#inUse.some(({ sha256 }) => sha256 === entry.sha256));
      try {
        const reply = await open(this.#toOpen(next), this.#isMissingIn(next));
        if (reply.ok) {
          this.#inUse = next;
          this.#infos = reply.value;
          return;
        }
        const named = next[(reply.index ?? -1) - this.#plain.length];
        const blamed = named !== undefined && fresh.includes(named) ? [named] : fresh;
        // Not even the lists that were open before: nothing is left to try.
        if (blamed.length === 0) return;
        const code = reply.code === 'list-invalid' ? 'list-invalid' : 'worker-lost';
        for (const entry of blamed) this.#reject(entry, code, reply.message);
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        for (const entry of fresh) {
          const losses = (this.#losses.get(entry.sha256) ?? 0) + 1;
          this.#losses.set(entry.sha256, losses);
          // A browser may have ended the worker for reasons of its own.
          if (losses >= MAX_LOSSES) this.#reject(entry, 'worker-lost', message);
        }
        throw error;
      }
    }
  }

  #reject(entry: SignedEntry, code: ListRejection['code'], message: string): void {
    const { version, sha256 } = entry;
    this.#rejections.set(slotOf(entry), { code, message, version, sha256 });
  }

  /** The offered lists, and those in use where nothing usable is offered in their place. */
  #choose(): SignedEntry[] {
    const chosen: SignedEntry[] = [];
    for (const entry of this.#offered) {
      const slot = slotOf(entry);
      const before = this.#inUse.find((other) => slotOf(other) === slot);
      if (before !== undefined && !entry.urgent && entry.version < before.version) {
        // The store lost its state meanwhile, and with it the protection against this.
        this.#reject(entry, 'rollback', `version ${before.version} is in use`);
      } else if (this.#rejections.get(slot)?.sha256 === entry.sha256) {
        // Keeps the one before.
      } else {
        this.#rejections.delete(slot);
        chosen.push(entry);
        continue;
      }
      if (before !== undefined) chosen.push(before);
    }
    const offered = new Set(this.#offered.map(slotOf));
    for (const slot of this.#rejections.keys()) if (!offered.has(slot)) this.#rejections.delete(slot);
    // An urgent list that is no longer listed is no longer used; an ordinary one is only ever replaced.
    for (const entry of this.#inUse) if (!entry.urgent && !offered.has(slotOf(entry))) chosen.push(entry);
    // In the host's order, whatever comes from where.
    const rank = (entry: SignedEntry) =>
      this.#wanted.findIndex((list) => list.name === entry.name && list.repository === entry.repository);
    return chosen.sort((a, b) => rank(a) - rank(b) || Number(a.urgent) - Number(b.urgent));
  }

  #isMissingIn(entries: readonly SignedEntry[]): boolean {
    return this.#wanted.some(
      ({ name, repository }) =>
        !entries.some((entry) => entry.name === name && entry.repository === repository && !entry.urgent),
    );
  }

  #toOpen(entries: readonly SignedEntry[]): ListToOpen[] {
    return [
      ...this.#plain.map((snapshot, i) => ({ key: `plain ${i}`, snapshot })),
      ...entries.map(({ sha256, snapshot, expires, urgent }) => ({ key: sha256, snapshot, expires, urgent })),
    ];
  }
}
