/**
 * Which of the opened lists a scan may use now.
 * @module
 */
import type { CoverageNote } from '../outcome.js';
import type { OpenedList } from './lists.js';
import type { ScanContext } from './types.js';

/** What {@link chooseLists} decided. */
export interface ChosenLists {
  readonly lists: readonly OpenedList[];
  /** Why a list that the host asked for is not among them; missing weighs more than expired. */
  readonly unusedList: 'no-list' | 'list-expired' | undefined;
  readonly notes: CoverageNote[];
}

/**
 * An urgent list ends with its hours. An ordinary one whose approval has expired is used or not as the policy says; where
 * it is not, nobody may take the rest of the lists for the whole.
 * @param context - lists and policy
 * @param nowSeconds - Unix time by this device's clock
 * @returns the lists to use
 */
export function chooseLists(
  { lists, listsMissing, policy }: Pick<ScanContext, 'lists' | 'listsMissing' | 'policy'>,
  nowSeconds: number,
): ChosenLists {
  const isOver = ({ expires }: OpenedList) => expires !== undefined && expires <= nowSeconds * 1000;
  const current = lists.filter((list) => !isOver(list));
  const expired = lists.filter((list) => isOver(list) && !list.urgent);
  if (expired.length === 0)
    return { lists: current, unusedList: listsMissing ? 'no-list' : undefined, notes: [] };
  if (policy.onExpiredList === 'scan') {
    const chosen = lists.filter((list) => current.includes(list) || expired.includes(list));
    return { lists: chosen, unusedList: listsMissing ? 'no-list' : undefined, notes: ['list-expired'] };
  }
  return { lists: current, unusedList: listsMissing ? 'no-list' : 'list-expired', notes: [] };
}
