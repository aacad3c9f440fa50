/**
 * How the report looks at a scan: near sets, a kernel and a decoder that stand in for the real ones, pass everything
 * on, and note what went by. The pipeline itself knows nothing of it.
 * @module
 */
import type { PdqKernel } from '../../src/kernels/types.js';
import { createNodeDecoder } from '../../src/publisher/node-decoder.js';
import type { DecodedImage, ImageDecoder } from '../../src/scan/types.js';
import type { NearHit, NearQuery, NearSet, ProbeBudget } from '../../src/snapshot/near-set.js';

/** Counts probes, and keeps the bits of the query that matched last. */
export class CountingNearSet implements NearSet {
  readonly engine: NearSet['engine'];
  readonly #near: NearSet;
  probes = 0;
  matched: Uint8Array | null = null;

  constructor(near: NearSet) {
    this.engine = near.engine;
    this.#near = near;
  }

  /** Forgets what went by. */
  reset(): void {
    this.probes = 0;
    this.matched = null;
  }

  search(query: NearQuery, budget: ProbeBudget): NearHit {
    const hit = this.#near.search(query, budget);
    this.probes += hit.probes;
    if (hit.labels.length > 0) this.matched = Uint8Array.from(query.bits);
    return hit;
  }
}

/** A form of the upload that the scan tried: as it is, turned, or any other variant. */
export interface Form {
  readonly coefficients: Float32Array;
  readonly median: number;
  readonly bits: Uint8Array;
  readonly budget: ProbeBudget;
}

/** An entry that a form was accepted for. */
export interface Acceptance {
  readonly form: number;
  readonly label: number;
}

/**
 * Says that nothing matches, so that the scan tries everything that it has; notes each form, and, over a real near
 * set, each label that was accepted but one.
 */
export class ExhaustingNearSet implements NearSet {
  readonly engine: NearSet['engine'];
  readonly #near: NearSet | null;
  readonly forms: Form[] = [];
  readonly accepted: Acceptance[] = [];
  /** The label whose entries don't count: the upload's own. */
  own = -1;

  /** @param near - where to search; null to note the forms only */
  constructor(near: NearSet | null) {
    this.engine = near?.engine ?? 'typescript';
    this.#near = near;
  }

  /** Patterns that were tried. */
  get probes(): number {
    return this.forms.reduce((sum, { budget }) => sum + budget.to - budget.from, 0);
  }

  /**
   * Forgets what went by.
   * @param own - label of the next upload
   */
  reset(own: number): void {
    this.forms.length = 0;
    this.accepted.length = 0;
    this.own = own;
  }

  search(query: NearQuery, budget: ProbeBudget): NearHit {
    const form = this.forms.length;
    this.forms.push({
      coefficients: Float32Array.from(query.coefficients),
      median: query.median,
      bits: Uint8Array.from(query.bits),
      budget: { ...budget },
    });
    // A search ends at its first match: go on behind it.
    for (let from = budget.from; this.#near !== null && from < budget.to; ) {
      const { labels, probes } = this.#near.search(query, { from, to: budget.to });
      for (const label of labels) if (label !== this.own) this.accepted.push({ form, label });
      from += probes;
    }
    return { labels: [], entries: [], probes: budget.to - budget.from };
  }
}

/** A kernel that notes when it last gave a hash: the look-up follows. */
export class TimedKernel {
  readonly kernel: PdqKernel;
  #hashedAt: number | undefined;

  constructor(kernel: PdqKernel) {
    this.kernel = {
      ...kernel,
      end: () => {
        const hash = kernel.end();
        this.#hashedAt = performance.now();
        return hash;
      },
    };
  }

  restart(): void {
    this.#hashedAt = undefined;
  }

  /** @returns milliseconds since the last hash, 0 where there was none since the restart */
  elapsed(): number {
    return this.#hashedAt === undefined ? 0 : performance.now() - this.#hashedAt;
  }
}

/** @returns a decoder that decodes each file once, so that it can be scanned against one list after the other */
export function cachingDecoder(limits: { maxPixels: number }): ImageDecoder {
  const decoder = createNodeDecoder(limits);
  const images = new WeakMap<Blob, Promise<DecodedImage>>();
  return {
    async decode(file, type) {
      let decoding = images.get(file);
      if (decoding === undefined) images.set(file, (decoding = decoder.decode(file, type)));
      const image = await decoding;
      const { width, height, mayHaveAlpha } = image;
      return { width, height, mayHaveAlpha, readRows: (y, count) => image.readRows(y, count), close() {} };
    },
  };
}
