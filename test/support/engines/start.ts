/**
 * The engine that this run is for.
 * @module
 */
import { startChromium } from './chromium.js';
import { startFirefox } from './firefox.js';
import { ENGINES, type Engine, type EngineName, type EnginePage } from './types.js';
import { startWebKit } from './webkit.js';

/** Set by the test project (`browser-chromium`, `browser-firefox`, `browser-webkit`). */
export const ENGINE: EngineName = engineOf(process.env.PRESIEVE_ENGINE ?? 'chromium');

/** @returns the engine of this run, started; a missing one is a failure, never a skip */
export function startEngine(): Promise<Engine> {
  return { chromium: startChromium, firefox: startFirefox, webkit: startWebKit }[ENGINE]();
}

/** @returns a tab of a new profile */
export async function openTab(engine: Engine, url: string): Promise<EnginePage> {
  return (await engine.newProfile()).open(url);
}

function engineOf(name: string): EngineName {
  const engine = ENGINES.find((known) => known === name);
  if (engine === undefined)
    throw new RangeError(`"PRESIEVE_ENGINE" must be one of ${ENGINES.join(', ')}, not "${name}"`);
  return engine;
}
