/**
 * `npm run calibrate [-- --sample N]`: bundles bench/calibrate/ and runs it.
 */
import { bundleBench, root } from './bundle.mjs';

const at = await bundleBench('calibrate', { main: 'calibrate/main.ts' });
const { main } = await import(at('main').href);
await main(process.argv.slice(2), root);
