/**
 * Starts counting the worker's requests as soon as it is imported: the scan worker takes `fetch` and the
 * like away from its own global when it starts, and the counter's hooks have to be there before.
 *
 * The counts go to the page over a channel of the demo's own, whose name is the worker's name. Nothing else
 * is said on it.
 * @module
 */
import { countRequests } from './request-counter.js';

const scope = globalThis as unknown as {
  name: string;
  location: { href: string; search: string };
  fetch: typeof fetch;
};

/** What the worker's counter says to the page; `code` where the request was for the worker's own: a declared part. */
export type CounterMessage = 'counting' | 'request' | 'code';

/** Parts are imported when a worker starts, before it has seen a file; a worker that replaces another does so again. */
const PART_CODE = /\.part\.js$/;

const channel = new BroadcastChannel(scope.name);
const say = (message: CounterMessage) => channel.postMessage(message);

countRequests(scope, (url) => say(PART_CODE.test(url) ? 'code' : 'request'));
say('counting');

// With ?plant=fetch the page's first scan makes the worker fetch its own address once, which must be counted.
const planted = new URLSearchParams(scope.location.search).get('plant') === 'fetch';

if (planted) {
  // The scan worker is about to seal `fetch`; this is the last chance to keep it.
  const { fetch } = scope;
  channel.addEventListener('message', () => void fetch(scope.location.href), { once: true });
}
