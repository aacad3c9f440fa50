/**
 * Counts network requests from the inside, in a page or in a worker: hooks on everything that can start
 * one, and a PerformanceObserver for what starts without a call (images, styles, scripts).
 *
 * A page can't see its worker's requests, so each realm needs a counter of its own.
 * @module
 */

/** Globals that are constructed with the address to connect to. */
const CONNECTIONS = ['WebSocket', 'EventSource'] as const;

/** The parts of a page's or a worker's global that are hooked; which exist depends on the realm. */
interface HookedGlobal {
  fetch?: typeof fetch;
  XMLHttpRequest?: typeof XMLHttpRequest;
  WebSocket?: typeof WebSocket;
  EventSource?: typeof EventSource;
  importScripts?: (...urls: (string | URL)[]) => void;
  navigator?: { sendBeacon?: Navigator['sendBeacon'] };
  PerformanceObserver?: typeof PerformanceObserver;
  location: { href: string };
}

/**
 * Counts from now on.
 * @param scope - `window`, or a worker's `self`
 * @param onRequest - told of each request, with its address
 */
export function countRequests(scope: object, onRequest: (url: string) => void): void {
  const realm = scope as HookedGlobal;
  // A hooked call also turns up in the resource timeline, later: each address counted by a hook pays for one entry.
  const paid = new Map<string, number>();

  const absolute = (address: unknown): URL | null => {
    const text = address instanceof Request ? address.url : String(address);
    return URL.canParse(text, realm.location.href) ? new URL(text, realm.location.href) : null;
  };
  const count = (address: unknown, hooked: boolean) => {
    const url = absolute(address);
    // blob: and data: never leave the device's memory.
    if (url === null || !/^(https?|wss?):$/.test(url.protocol)) return;
    url.hash = '';
    const credit = paid.get(url.href) ?? 0;
    if (hooked) paid.set(url.href, credit + 1);
    else if (credit > 0) return void paid.set(url.href, credit - 1);
    onRequest(url.href);
  };

  hookCalls(realm, (address) => count(address, true));
  const since = performance.now();
  if (realm.PerformanceObserver !== undefined) {
    new realm.PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.startTime >= since) count(entry.name, false);
    }).observe({ type: 'resource' });
  }
}

function hookCalls(realm: HookedGlobal, count: (address: unknown) => void): void {
  const { fetch, importScripts, XMLHttpRequest: Xhr, navigator } = realm;
  if (fetch !== undefined) {
    realm.fetch = (input, init) => {
      count(input);
      return fetch.call(realm, input, init);
    };
  }
  if (importScripts !== undefined) {
    realm.importScripts = (...urls) => {
      urls.forEach(count);
      importScripts.apply(realm, urls);
    };
  }
  if (Xhr !== undefined) {
    // Both overloads of open() at once: the hook passes on whatever it is given.
    const open = Xhr.prototype.open as (this: XMLHttpRequest, ...args: unknown[]) => void;
    Xhr.prototype.open = function (this: XMLHttpRequest, ...args: unknown[]) {
      count(args[1]);
      open.apply(this, args);
    } as typeof Xhr.prototype.open;
  }
  const sendBeacon = navigator?.sendBeacon;
  if (navigator !== undefined && sendBeacon !== undefined) {
    navigator.sendBeacon = (url, data) => {
      count(url);
      return sendBeacon.call(navigator, url, data);
    };
  }
  for (const name of CONNECTIONS) {
    const connection = realm[name];
    if (connection === undefined) continue;
    Object.defineProperty(realm, name, {
      configurable: true,
      writable: true,
      value: new Proxy(connection as new (...args: unknown[]) => object, {
        construct(target, args, newTarget) {
          count(args[0]);
          return Reflect.construct(target, args, newTarget);
        },
      }),
    });
  }
}
