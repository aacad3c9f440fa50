/**
 * From an outcome to what a person reads. A match isn't a proof, and "nothing found" is not said to be "safe".
 * @module
 */
import type { InconclusiveReason, Outcome } from 'presieve';

/** One line, and what it means. */
export interface Words {
  state: string;
  meaning: string;
}

const WHY: Partial<Record<InconclusiveReason, string>> = {
  'no-list': 'The list has not arrived yet.',
  'list-expired': 'The list is out of date.',
  unsupported: 'Files of this kind can’t be compared.',
  undecodable: 'The picture can’t be opened.',
  unreadable: 'The file can’t be read any more. Was it moved or changed?',
  'too-large': 'The picture is too large to be compared.',
  timeout: 'The check took too long.',
};

/**
 * @param outcome - of a scan
 * @returns the words for it
 */
export function wordsFor({ verdict, action, matches, reason }: Outcome): Words {
  if (verdict === 'match' && action === 'block') {
    return {
      state: 'Will not be sent',
      meaning:
        'This file is on a list of known abuse material, so it is not sent. Nobody was told. If you believe ' +
        'that this is a mistake, you can contact support.',
    };
  }
  if (verdict === 'match') {
    const certain = matches.some(({ signal }) => signal !== 'perceptual');
    return {
      state: certain ? 'On a list: send it?' : 'Looks like a listed picture: send it?',
      meaning: certain
        ? 'The file is on a list of known abuse material.'
        : 'It resembles a picture on a list of known abuse material. That is a hint, not a proof: different pictures can look alike.',
    };
  }
  if (verdict === 'inconclusive') {
    return {
      state: action === 'block' ? 'Will not be sent' : 'Could not be checked: send it?',
      meaning:
        (reason && WHY[reason]) ?? 'Something went wrong on the way. Attach it again to try once more.',
    };
  }
  if (action === 'allow') return { state: 'Checked', meaning: '' };
  return { state: 'Only checked in part: send it?', meaning: 'Not all of the file could be compared.' };
}
