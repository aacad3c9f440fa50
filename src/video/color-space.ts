/**
 * Colour spaces of decoded frames, by words of the standard only.
 *
 * WebKit calls what a stream leaves open `unspecified`, which WebCodecs doesn't know (it is null there) and mediabunny refuses: the
 * whole video would be undecodable.
 * @module
 */

/** https://www.w3.org/TR/webcodecs/#videocolorspace, enumerations. */
const KNOWN: Readonly<Record<'primaries' | 'transfer' | 'matrix', readonly string[]>> = {
  primaries: ['bt709', 'bt470bg', 'smpte170m', 'bt2020', 'smpte432'],
  transfer: ['bt709', 'smpte170m', 'iec61966-2-1', 'linear', 'pq', 'hlg'],
  matrix: ['rgb', 'bt709', 'bt470bg', 'smpte170m', 'bt2020-ncl'],
};

/**
 * Makes colour spaces of this realm give null for words that the standard doesn't know. The realm is a worker of ours; doing it
 * again does nothing.
 * @param prototype - of `VideoColorSpace`; absent where there is no WebCodecs
 */
export function useKnownColorSpaces(prototype = globalThis.VideoColorSpace?.prototype): void {
  if (prototype === undefined) return;
  for (const [name, known] of Object.entries(KNOWN)) {
    const descriptor = Object.getOwnPropertyDescriptor(prototype, name);
    const get = descriptor?.get;
    if (get === undefined || fixed.has(get)) continue;
    const getKnown = function (this: VideoColorSpace) {
      const value = get.call(this);
      return known.includes(value) ? value : null;
    };
    fixed.add(getKnown);
    Object.defineProperty(prototype, name, { ...descriptor, get: getKnown });
  }
}

const fixed = new WeakSet<() => unknown>();
