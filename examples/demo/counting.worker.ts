/**
 * The demo's scan worker: the package's own worker file, with a counter of network requests put before it.
 * An app needs nothing of the kind and lets the package start its worker.
 * @module
 */

// The order counts: the counter's hooks first, then the worker, which seals what it finds.
import './worker-counter.js';
import 'presieve/worker/scan.worker.js';
