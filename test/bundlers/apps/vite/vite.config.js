/** @type {import('vite').UserConfig} */
const config = {
  // Before version 8, Vite’s development server bundles the package anew without its workers.
  optimizeDeps: { exclude: ['presieve'] },
};
export default config;
