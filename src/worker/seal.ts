/**
 * Takes the network, storage and messaging away from the worker's own global, so that not even a faulty
 * dependency can send what the worker sees. What remains is the message port to the page that made it.
 * @module
 */

/** Globals that could carry data out of the worker. */
export const SEALED_GLOBALS = [
  'fetch',
  'fetchLater',
  'XMLHttpRequest',
  'WebSocket',
  'WebSocketStream',
  'WebTransport',
  'EventSource',
  'RTCPeerConnection',
  'BroadcastChannel',
  'importScripts',
  'Worker',
  'SharedWorker',
  'indexedDB',
  'caches',
  'cookieStore',
  'FontFace',
] as const;

/**
 * Replaces each of {@link SEALED_GLOBALS} by a function that throws. Defence in depth: the code never uses
 * them; a content security policy is the host's stronger means.
 * @param scope - the worker's global object
 */
export function sealGlobals(scope: object): void {
  for (const name of SEALED_GLOBALS) {
    if (!(name in scope)) continue;
    const sealed = () => {
      throw new Error(`"${name}" is sealed in the scan worker`);
    };
    try {
      Object.defineProperty(scope, name, { value: sealed, writable: false, configurable: false });
    } catch {
      // A browser that forbids it keeps the global; the code still never uses it.
    }
  }
  const navigator = (scope as { navigator?: object }).navigator;
  if (navigator !== undefined && 'storage' in navigator) {
    try {
      Object.defineProperty(navigator, 'storage', { value: undefined, configurable: false });
    } catch {}
  }
}
