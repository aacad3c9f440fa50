/** @type {import('vite').UserConfig} */
const config = {
  // Vite's development server would bundle the package anew, without its workers.
  optimizeDeps: { exclude: ['presieve'] },
};
export default config;
