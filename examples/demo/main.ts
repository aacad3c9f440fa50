/**
 * The demo: a scanner with the embedded demo list, the page, and two counters of network requests.
 *
 * What an app needs of this is `createScanner({ lists: [demoList], parts: [finderPart, videoPart] })` and `scanner.scan(file)`; the rest is
 * page and counting.
 * @module
 */
import { createScanner, type Scanner } from 'presieve';
import { demoList } from 'presieve/demo';
import { finderPart } from 'presieve/parts/finder';
import { videoPart } from 'presieve/parts/video';
import { loadSamples } from './gallery.js';
import { showTrouble, startPage } from './page.js';
import { countRequests } from './request-counter.js';
import type { RequestCounts } from './words.js';
import type { CounterMessage } from './worker-counter.js';

async function start(): Promise<void> {
  const counts: RequestCounts = { page: 0, worker: null, workerReloads: 0 };
  const workerUrl = new URL('counting.worker.js', import.meta.url);
  // ?plant=fetch is handed on: the worker then makes one request, which the page must show.
  if (new URLSearchParams(location.search).get('plant') === 'fetch') workerUrl.search = '?plant=fetch';

  // The channel has to listen before the worker's counter says its first word.
  const channelName = `presieve-demo-${[...crypto.getRandomValues(new Uint32Array(4))].join('-')}`;
  const channel = new BroadcastChannel(channelName);
  let show = () => {};
  channel.addEventListener('message', ({ data }: MessageEvent<CounterMessage>) => {
    counts.worker = (counts.worker ?? 0) + (data === 'request' ? 1 : 0);
    show();
  });

  const scanner = createScanner({
    lists: [demoList],
    // Pictures inside screenshots, and frames of videos. scripts/serve-demo.mjs puts their files beside this script.
    parts: [finderPart, videoPart],
    // The page decides with a switch whether to show them.
    labels: true,
    createWorker: () => new Worker(workerUrl, { type: 'module', name: channelName }),
  });
  const [samples] = await Promise.all([
    loadSamples(new URL('gallery/', import.meta.url)),
    scanner.ready.then(() => partsSettled(scanner)),
  ]);

  // Everything is here: from now on nothing should be requested, and everything that is gets counted.
  // The worker's own code is named apart: after a cancelled scan the page may load it again.
  countRequests(window, (url) => {
    if (url === workerUrl.href) counts.workerReloads++;
    else counts.page++;
    show();
  });
  const page = startPage({ scanner, samples, onScanStart: () => channel.postMessage('scan') });
  show = () => page.showRequests(counts);
  show();
}

/** Waits until no part is loading any more; a scan would not wait for them, but then they would be counted. */
async function partsSettled(scanner: Scanner): Promise<void> {
  while ((await scanner.status()).parts.some(({ state }) => state === 'loading')) {
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

start().catch(showTrouble);
