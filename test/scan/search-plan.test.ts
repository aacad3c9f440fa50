import { describe, expect, it } from 'vitest';
import { formBudgets, mostProbes, padOrbit, SEARCH_PLANS } from '../../src/scan/search-plan.js';
import { MAX_BUDGET } from '../../src/snapshot/schedule.js';

describe('the budgets of a plan', () => {
  it('are one for each form that a row stands for', () => {
    expect(formBudgets([{ kind: 'as-is', log2Probes: 5 }])).toEqual([32]);
    expect(formBudgets([{ kind: 'pads', x: [0.1, 0.1], y: [0.1, 0.1], log2Probes: 1 }])).toEqual([2]);
    expect(formBudgets([{ kind: 'pads', x: [0.1, 0], y: [0, 0], log2Probes: 1 }])).toEqual([2, 2, 2, 2]);
    expect(formBudgets([{ kind: 'rotations', degrees: 1, canvas: 'same', log2Probes: 3 }])).toEqual([8, 8]);
    expect(formBudgets([{ kind: 'borders', log2Probes: 2, planeLog2Probes: 1 }])).toEqual([4, 2, 4, 2, 4, 2]);
    expect(formBudgets([{ kind: 'turned', log2Probes: 0, planeLog2Probes: 1 }])).toHaveLength(14);
  });

  it.each(Object.entries(SEARCH_PLANS))('of %s: none beyond what a search may try', (_, plan) => {
    for (const budget of formBudgets(plan)) expect(budget).toBeLessThanOrEqual(MAX_BUDGET);
  });

  it('grow from preset to preset', () => {
    const { fast, normal, thorough } = SEARCH_PLANS;
    expect(mostProbes(normal)).toBeGreaterThan(mostProbes(fast));
    expect(mostProbes(thorough)).toBeGreaterThan(mostProbes(normal));
    expect(mostProbes([])).toBe(0);
  });
});

describe('the mirror images of pads', () => {
  it('are each there once, themselves first', () => {
    expect(padOrbit([0.1, 0.2], [0.3, 0.4])).toHaveLength(8);
    expect(padOrbit([0.1, 0.2], [0.3, 0.4])[0]).toEqual({ x: [0.1, 0.2], y: [0.3, 0.4] });
    expect(padOrbit([0.1, 0.1], [0.2, 0.2])).toHaveLength(2);
    expect(padOrbit([0.1, 0.1], [0.1, 0.1])).toHaveLength(1);
  });
});
