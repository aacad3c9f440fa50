import { describe, expect, it } from 'vitest';
import { inOneGo, inTurns, type Steps } from '../../src/scan/turns.js';

/** Work of so many steps, each as long as said. */
function* work(steps: number, ms: number, done: number[] = []): Steps<string> {
  for (let step = 0; step < steps; step++) {
    for (const end = performance.now() + ms; performance.now() < end; );
    done.push(step);
    yield;
  }
  return 'result';
}

describe('work in steps', () => {
  it('gives its result, in one go or in turns', async () => {
    expect(inOneGo(work(3, 0))).toBe('result');
    expect(await inTurns(work(3, 0))).toBe('result');
    expect(await inTurns(work(3, 1), async () => {})).toBe('result');
  });

  it('lets others have a turn between long steps, not between short ones', async () => {
    const done: number[] = [];
    const turns: number[] = [];
    const giveTurn = async () => void turns.push(done.length);
    await inTurns(work(4, 2, done), giveTurn);
    expect(turns).toEqual([1, 2, 3, 4]);
    turns.length = 0;
    await inTurns(work(4, 0), giveTurn);
    expect(turns.length).toBeLessThan(4);
  });

  it('is not gone on with before the turn is over', async () => {
    const done: number[] = [];
    let endTurn = () => {};
    const result = inTurns(work(2, 2, done), () => new Promise<void>((end) => (endTurn = end)));
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toEqual([0]);
    endTurn();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(done).toEqual([0, 1]);
    endTurn();
    expect(await result).toBe('result');
  });

  it('fails where a step fails', async () => {
    function* broken(): Steps<void> {
      yield;
      throw new RangeError('"step" is broken');
    }
    expect(() => inOneGo(broken())).toThrow(RangeError);
    await expect(inTurns(broken(), async () => {})).rejects.toThrow(RangeError);
  });
});
