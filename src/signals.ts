/**
 * `presieve/signals`: for licensees of other perceptual hashes, such as PhotoDNA, who add them as the part `signals`
 * (docs/signals.md). Importing this module does nothing.
 * @module
 */
import type { PartModule } from './scan/parts.js';
import { checkSignals, type SignalsPart } from './scan/signals.js';
import { VERSION } from './version.js';

export type { PartModule } from './scan/parts.js';
export { type SignalImage, type SignalsPart, type SignalType, wholePicture } from './scan/signals.js';

/**
 * Makes what the code of a `signals` part exports, as `part`. The module that does so is bundled into one file, with this
 * very version of the package.
 * @param create - makes the signals from the part's data files, which the host declares; called once in each worker
 * @returns the part's module
 * @example
 * ```ts
 * import { signalsPart } from 'presieve/signals';
 * import { averageHash } from './average-hash.js';
 *
 * export const part = signalsPart(() => [averageHash]);
 * ```
 */
export function signalsPart(
  create: (files: ReadonlyMap<string, Uint8Array>) => SignalsPart | Promise<SignalsPart>,
): PartModule<'signals'> {
  return {
    name: 'signals',
    version: VERSION,
    async create(files) {
      const types = await create(files);
      checkSignals(types);
      return types;
    },
  };
}
