/** The workers lie beside the page's bundle. */
export const options = {
  createWorker: () => new Worker(new URL('./scan.worker.js', import.meta.url), { type: 'module' }),
  createTrustWorker: () => new Worker(new URL('./trust.worker.js', import.meta.url), { type: 'module' }),
};
