/**
 * `npm run recall [-- --help]`: bundles bench/recall/ and runs it.
 */
import { bundleBench, root } from './bundle.mjs';

const at = await bundleBench('recall', { main: 'recall/main.ts', worker: 'recall/worker.ts' });
const { main } = await import(at('main').href);
await main(process.argv.slice(2), root, at('worker'));
