/**
 * The page that all bundler apps share: scans each picked file and prints its outcome.
 * @module
 */
import { createScanner } from 'presieve';
import { demoList } from 'presieve/demo';
import { options } from './options.js';
import { parts, root } from './test-data.js';

const outcome = document.querySelector('#outcome');
const status = document.querySelector('#status');
const repository = new URLSearchParams(location.search).get('lists');

const scanner = createScanner({
  lists: [demoList, ...(repository ? [{ name: 'hotline', repository, root }] : [])],
  parts,
  ...options,
});

document.querySelector('input').addEventListener('change', async ({ target }) => {
  outcome.textContent = '';
  outcome.textContent = JSON.stringify(await scanner.scan(target.files[0]).catch(String));
});

async function start() {
  await scanner.ready;
  for (;;) {
    const known = await scanner.update();
    if (!known.parts?.some(({ state }) => state === 'loading'))
      return { ...known, isolated: crossOriginIsolated };
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

start().then(
  (started) => (status.textContent = JSON.stringify(started)),
  (error) => (status.textContent = JSON.stringify({ error: String(error) })),
);
