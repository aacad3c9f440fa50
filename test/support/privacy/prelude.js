/**
 * Runs before anything else in a scan worker or a page under test, and records every way in which data could
 * leave that realm: ports, channels, requests, storage, locks, object URLs, the console.
 *
 * Plain JavaScript without imports: it is injected as text. `globalThis.__presieveHarness.dump()` gives the
 * records; in a worker, so does a message `{ presieveHarness: 'dump' }` that brings a port.
 */
(() => {
  const records = [];
  const BINARY = 'binary';

  /** A JSON form of any value; bytes are kept as arrays so that nothing hides in them. */
  function describe(value, depth = 0) {
    if (value === null || ['string', 'number', 'boolean'].includes(typeof value)) return value;
    if (value === undefined) return undefined;
    if (depth > 12) return '[too deep]';
    if (value instanceof ArrayBuffer) return { [BINARY]: [...new Uint8Array(value)] };
    if (ArrayBuffer.isView(value)) {
      return { [BINARY]: [...new Uint8Array(value.buffer, value.byteOffset, value.byteLength)] };
    }
    if (Array.isArray(value)) return value.map((item) => describe(item, depth + 1));
    if (typeof value === 'object' && Object.getPrototypeOf(value) === Object.prototype) {
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, describe(item, depth + 1)]));
    }
    if (value instanceof Error) return { error: String(value) };
    if (value instanceof Map || value instanceof Set) return { collection: describe([...value], depth + 1) };
    return { object: Object.prototype.toString.call(value) };
  }

  function record(channel, args) {
    records.push({ channel, values: Array.from(args, (value) => describe(value)) });
  }

  function hookMethod(owner, name, channel) {
    const original = owner?.[name];
    if (typeof original !== 'function') return undefined;
    owner[name] = function (...args) {
      record(channel, args);
      return original.apply(this, args);
    };
    return original;
  }

  function hookConstructor(name, channel) {
    const original = globalThis[name];
    if (typeof original !== 'function') return;
    globalThis[name] = new Proxy(original, {
      construct(target, args) {
        record(channel, args);
        return Reflect.construct(target, args);
      },
    });
  }

  const inWorker = typeof WorkerGlobalScope !== 'undefined';
  const portPost = MessagePort.prototype.postMessage;
  hookMethod(MessagePort.prototype, 'postMessage', 'port');
  if (inWorker) hookMethod(globalThis, 'postMessage', 'port');
  hookMethod(BroadcastChannel.prototype, 'postMessage', 'broadcast');

  hookMethod(globalThis, 'fetch', 'network');
  hookMethod(globalThis, 'importScripts', 'network');
  hookMethod(globalThis.XMLHttpRequest?.prototype, 'open', 'network');
  hookMethod(globalThis.navigator, 'sendBeacon', 'network');
  for (const name of ['WebSocket', 'EventSource', 'WebTransport', 'RTCPeerConnection'])
    hookConstructor(name, 'network');
  if (inWorker) hookConstructor('Worker', 'network');

  hookMethod(IDBFactory.prototype, 'open', 'storage');
  for (const name of ['put', 'add']) hookMethod(IDBObjectStore.prototype, name, 'storage');
  if (globalThis.Cache)
    for (const name of ['put', 'add', 'addAll']) hookMethod(Cache.prototype, name, 'storage');
  if (globalThis.CacheStorage) hookMethod(CacheStorage.prototype, 'open', 'storage');
  if (globalThis.StorageManager) hookMethod(StorageManager.prototype, 'getDirectory', 'storage');
  if (globalThis.Storage) hookMethod(Storage.prototype, 'setItem', 'storage');
  if (globalThis.CookieStore) hookMethod(CookieStore.prototype, 'set', 'storage');

  if (globalThis.LockManager) hookMethod(LockManager.prototype, 'request', 'lock');
  hookMethod(URL, 'createObjectURL', 'object-url');
  for (const name of ['log', 'info', 'warn', 'error', 'debug', 'table', 'trace'])
    hookMethod(console, name, 'console');

  const harness = { dump: () => records, clear: () => records.splice(0) };
  globalThis.__presieveHarness = harness;
  if (inWorker) {
    globalThis.addEventListener('message', (event) => {
      if (event.data?.presieveHarness !== 'dump') return;
      event.stopImmediatePropagation();
      portPost.call(event.ports[0], structuredClone(records));
    });
  }
})();
