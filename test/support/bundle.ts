/**
 * Bundles a test's entry for a browser.
 * @module
 */
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

/**
 * @param entry - path below test/support/entries/
 * @returns the code of one ES module without imports
 */
export async function bundleEntry(entry: string): Promise<string> {
  const result = await esbuild.build({
    entryPoints: [fileURLToPath(new URL(`./entries/${entry}`, import.meta.url))],
    bundle: true,
    format: 'esm',
    platform: 'browser',
    target: ['es2022'],
    write: false,
  });
  return result.outputFiles[0].text;
}
