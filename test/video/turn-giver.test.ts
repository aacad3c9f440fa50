import { expect, it } from 'vitest';
import { TurnGiver } from '../../src/video/turn-giver.js';

it('lets events that wait have their turn', async () => {
  const turns = new TurnGiver();
  const { port1, port2 } = new MessageChannel();
  const seen: number[] = [];
  port1.onmessage = ({ data }) => void seen.push(data);
  for (let i = 0; i < 3; i++) port2.postMessage(i);
  // Only Chromium keeps the order of messages from two ports; Node handles up to a thousand of one before it turns to the other.
  for (let i = 0; i < 5000 && seen.length < 3; i++) await turns.give();
  expect(seen).toEqual([0, 1, 2]);
  port1.close();
  turns.close();
});

it('settles a turn that is under way when it is closed', async () => {
  const turns = new TurnGiver();
  const turn = turns.give();
  turns.close();
  await turn;
});
