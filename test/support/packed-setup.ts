/**
 * Packs and installs the package once for all tests of a run that ask for it: `inject('packed')`.
 * @module
 */
import type { TestProject } from 'vitest/node';
import { type InstalledPackage, installPacked, removeInstalled } from './packed-package.js';

declare module 'vitest' {
  export interface ProvidedContext {
    packed: InstalledPackage;
  }
}

/** Vitest's global set-up. @returns the tear-down */
export async function setup(project: TestProject): Promise<() => void> {
  const packed = await installPacked();
  project.provide('packed', packed);
  return () => removeInstalled(packed);
}
