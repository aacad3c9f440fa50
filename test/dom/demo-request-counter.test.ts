/** The demo's counter of requests, on a realm made for the test. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { countRequests } from '../../examples/demo/request-counter.js';

/** Enough of a global to be hooked. */
function fakeRealm() {
  let observer: ((entries: { name: string; startTime: number }[]) => void) | undefined;
  const calls: string[] = [];
  class Connection {
    constructor(readonly url: string) {
      calls.push(url);
    }
  }
  class Xhr {
    open(_method: string, url: string) {
      calls.push(url);
    }
  }
  const realm = {
    location: { href: 'https://app.example/page/' },
    fetch: (input: RequestInfo | URL) => {
      calls.push(String(input instanceof Request ? input.url : input));
      return Promise.resolve(new Response('body'));
    },
    importScripts: (...urls: string[]) => void calls.push(...urls),
    XMLHttpRequest: Xhr,
    WebSocket: class WebSocket extends Connection {},
    EventSource: class EventSource extends Connection {},
    navigator: { sendBeacon: (url: string) => calls.push(url) > 0 },
    PerformanceObserver: class {
      constructor(callback: (list: { getEntries(): unknown[] }) => void) {
        observer = (entries) => callback({ getEntries: () => entries });
      }
      observe() {}
    },
  };
  return {
    realm,
    calls,
    timeline: (name: string, startTime = performance.now()) => observer?.([{ name, startTime }]),
  };
}

let fake: ReturnType<typeof fakeRealm>;
let onRequest: ReturnType<typeof vi.fn<(url: string) => void>>;
const counted = () => onRequest.mock.calls.map(([url]) => url);

beforeEach(() => {
  fake = fakeRealm();
  onRequest = vi.fn<(url: string) => void>();
  countRequests(fake.realm, onRequest);
});

describe('hooks', () => {
  it('count every way to start a request, and let it through', async () => {
    const { realm, calls } = fake;
    const response = await realm.fetch('a');
    expect(await response.text()).toBe('body');
    await realm.fetch(new Request('https://elsewhere.example/b'));
    realm.importScripts('c', 'd');
    new realm.XMLHttpRequest().open('GET', 'e');
    expect(new realm.WebSocket('wss://elsewhere.example/f').url).toBe('wss://elsewhere.example/f');
    expect(new realm.EventSource('g')).toBeInstanceOf(realm.EventSource);
    expect(realm.navigator.sendBeacon('h')).toBe(true);
    expect(calls).toEqual([
      'a',
      'https://elsewhere.example/b',
      'c',
      'd',
      'e',
      'wss://elsewhere.example/f',
      'g',
      'h',
    ]);
    expect(counted()).toEqual([
      'https://app.example/page/a',
      'https://elsewhere.example/b',
      'https://app.example/page/c',
      'https://app.example/page/d',
      'https://app.example/page/e',
      'wss://elsewhere.example/f',
      'https://app.example/page/g',
      'https://app.example/page/h',
    ]);
  });

  it('count an attempt that fails', async () => {
    const failing = fakeRealm();
    failing.realm.fetch = () => Promise.reject(new TypeError('blocked'));
    countRequests(failing.realm, onRequest);
    await expect(failing.realm.fetch('x')).rejects.toThrow('blocked');
    expect(counted()).toEqual(['https://app.example/page/x']);
  });

  it('leave blob: and data: addresses out: they go nowhere', async () => {
    await fake.realm.fetch('blob:https://app.example/1');
    await fake.realm.fetch('data:,x');
    expect(counted()).toEqual([]);
  });
});

describe('timeline', () => {
  it('counts what no hook saw', () => {
    fake.timeline('https://app.example/pixel.gif');
    expect(counted()).toEqual(['https://app.example/pixel.gif']);
  });

  it('does not count a hooked request twice, but a second one to the same address', async () => {
    await fake.realm.fetch('a#part');
    fake.timeline('https://app.example/page/a');
    expect(counted().length).toBe(1);
    fake.timeline('https://app.example/page/a');
    expect(counted().length).toBe(2);
  });

  it('leaves out what began before', () => {
    fake.timeline('https://app.example/before.gif', performance.now() - 60_000);
    expect(counted()).toEqual([]);
  });
});

it('works where most of these do not exist', () => {
  expect(() => countRequests({ location: { href: 'https://app.example/' } }, onRequest)).not.toThrow();
});
