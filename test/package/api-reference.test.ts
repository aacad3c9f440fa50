/** The API reference can be made, and no link or type in it leads nowhere. */
import { expect, it } from 'vitest';
import { CHECKOUT, run } from '../support/packed-package.js';

it('typedoc has nothing to warn of', async () => {
  const output = await run(CHECKOUT, process.execPath, 'node_modules/typedoc/bin/typedoc', '--emit', 'none');
  expect(output).not.toMatch(/warning|error/i);
}, 300_000);
