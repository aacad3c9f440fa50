/**
 * `npm run bench [-- --quick] [-- --json]`: bundles bench/main.ts and runs it. Everything is compared within one
 * run, the contestants taking turns; compare ratios, not milliseconds of different machines.
 */
import { bundleBench } from './bundle.mjs';

const at = await bundleBench('bench', { main: 'main.ts' });
const { main } = await import(at('main').href);
await main(process.argv.slice(2));
