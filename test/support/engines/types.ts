/**
 * What the browser suite asks of an engine: pages that run a function and give back JSON. Small enough that
 * Playwright (Chromium), WebDriver BiDi (Firefox) and plain WebDriver (WebKit) all offer it alike.
 * @module
 */

/** Names of the engines, as in `PRESIEVE_ENGINE` and in the names of the test projects. */
export const ENGINES = ['chromium', 'firefox', 'webkit'] as const;

/** One of {@link ENGINES}. */
export type EngineName = (typeof ENGINES)[number];

/** How long a browser may take to start, to load a page, or to show what is waited for: a test's own limit is longer. */
export const PAGE_TIMEOUT_MS = 120_000;

/** A running browser. */
export interface Engine {
  readonly name: EngineName;
  /** As the browser gives it, for tables. */
  readonly version: string;
  /** A new profile: no storage is shared with another one. */
  newProfile(): Promise<Profile>;
  close(): Promise<void>;
}

/** Tabs that share storage, locks and channels. */
export interface Profile {
  /** A new tab, loaded. */
  open(url: string, viewport?: Viewport): Promise<EnginePage>;
  close(): Promise<void>;
}

/** Inner size of a tab in CSS pixels. */
export interface Viewport {
  width: number;
  height: number;
}

/** A tab. */
export interface EnginePage {
  readonly engine: EngineName;
  /**
   * Runs a function in the page. It is sent as text: it sees its argument and the page's globals, nothing
   * else; `import()` in it is rewritten by the test runner (the test server's page has `load` instead).
   * @param run - sync or async
   * @param argument - any JSON
   * @returns what it returned, through JSON: `undefined` members, `Infinity` and the like are lost
   * @throws Error with the name, message and stack of what it threw
   */
  evaluate<A, R>(run: (argument: A) => R, argument: A): Promise<Awaited<R>>;
  evaluate<R>(run: () => R): Promise<Awaited<R>>;
  /** Gives `<input type="file">` files on disk, as a user's choice would. */
  chooseFiles(selector: string, paths: readonly string[]): Promise<void>;
  close(): Promise<void>;
}
