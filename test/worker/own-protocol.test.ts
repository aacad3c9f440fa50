/**
 * Addresses of list repositories in an app that is served by a protocol of its own.
 */
import { afterEach, expect, it, vi } from 'vitest';
import { resolveSignedList } from '../../src/signed-lists.js';

const resolve = (repository: string) =>
  resolveSignedList({ name: 'photos', repository, root: '{}' }, 'lists[0]').repository;

afterEach(() => vi.unstubAllGlobals());

it('may be of the page’s own protocol and host, and of no other one but http(s)', () => {
  vi.stubGlobal('location', new URL('app://messenger/index.html'));
  expect(resolve('/lists')).toBe('app://messenger/lists/');
  expect(resolve('https://lists.example/')).toBe('https://lists.example/');
  expect(() => resolve('app://elsewhere/lists')).toThrow(
    /^"lists\[0\]\.repository" must be an http\(s\) URL/,
  );
  expect(() => resolve('ftp://messenger/lists')).toThrow(/http\(s\)/);
});

it('may not be files', () => {
  vi.stubGlobal('location', new URL('file:///app/index.html'));
  expect(() => resolve('lists')).toThrow(/http\(s\)/);
});
