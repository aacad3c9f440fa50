/**
 * `node build.js [development]`: what `webpack --mode …` does with this configuration.
 * @module
 */
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import webpack from 'webpack';

const here = import.meta.dirname;

webpack(
  {
    mode: process.argv[2] === 'development' ? 'development' : 'production',
    devtool: 'source-map',
    context: here,
    entry: './page.js',
    output: { path: join(here, 'out'), filename: 'page.js' },
    // Files of parts are large; they load beside the page and don't hold it up.
    performance: { hints: false },
  },
  (error, stats) => {
    if (error) throw error;
    console.log(stats.toString({ preset: 'errors-warnings' }));
    process.exitCode = stats.hasErrors() || stats.hasWarnings() ? 1 : 0;
    copyFileSync(join(here, 'index.html'), join(here, 'out/index.html'));
  },
);
