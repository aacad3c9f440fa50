/**
 * `npm run recall [-- --help]`: bundles bench/recall/ and runs it; `npm run recall -- --finder [--help]`: bench/finder/.
 */
import { bundleBench, root } from './bundle.mjs';

const args = process.argv.slice(2);
const folder = args.includes('--finder') ? 'finder' : 'recall';
const at = await bundleBench(folder, { main: `${folder}/main.ts`, worker: `${folder}/worker.ts` });
const { main } = await import(at('main').href);
await main(args, root, at('worker'));
