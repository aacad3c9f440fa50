/**
 * `presieve/signals`: for licensees of other perceptual hashes, such as PhotoDNA, who add them as the part `signals`
 * (docs/signals.md). Importing this module does nothing.
 * @module
 */
import { checkSignals, type SignalsPart } from './scan/signals.js';
import { VERSION } from './version.js';

export {
  FIRST_LICENSED_KIND,
  LAST_LICENSED_KIND,
  type SignalImage,
  type SignalsPart,
  type SignalType,
  wholePicture,
} from './scan/signals.js';

/** What the code of a `signals` part exports, as `part`. */
export interface SignalsModule {
  readonly name: 'signals';
  /** Version of this package that it was built with. */
  readonly version: string;
  /** @param files - the part's data files by name */
  create(files: ReadonlyMap<string, Uint8Array>): Promise<SignalsPart>;
}

/**
 * Makes what the code of a `signals` part exports, as `part`. The module that does so is bundled into one file, with this
 * very version of the package.
 * @param create - makes the signals from the part's data files, which the host declares; called once in each worker
 * @returns the part's module
 * @example
 * ```ts
 * import { type SignalType, signalsPart } from 'presieve/signals';
 *
 * declare const mySignal: SignalType;
 * export const part = signalsPart(() => [mySignal]);
 * ```
 */
export function signalsPart(
  create: (files: ReadonlyMap<string, Uint8Array>) => SignalsPart | Promise<SignalsPart>,
): SignalsModule {
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
