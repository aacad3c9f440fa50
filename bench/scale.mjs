/**
 * `npm run bench:scale [-- --quick]`: bundles bench/scale/ and runs it. Needs 2 GB of disk for a while.
 */
import { writeFileSync } from 'node:fs';
import { bundleBench, root } from './bundle.mjs';

const at = await bundleBench('scale', { main: 'scale/main.ts', child: 'scale/child.ts' });
const child = `${root}/build/scale/run-child.mjs`;
writeFileSync(child, "import { main } from './child.mjs';\nawait main(process.argv.slice(2));\n");
const { main } = await import(at('main').href);
await main(process.argv.slice(2), root, child);
