import { configure, scanBeforeUpload } from 'presieve';
import { demoList } from 'presieve/demo';

configure({ lists: [demoList] });

const form = document.querySelector('form');
const answer = document.querySelector('#answer');
const says = (words) => (answer.textContent = words);

form.addEventListener('submit', async (event) => {
  event.preventDefault();
  const file = form.elements.photo.files[0];
  form.elements.send.disabled = true;
  try {
    const onProgress = ({ fraction }) => says(`Checking… ${Math.round(fraction * 100)} %`);
    const { action, verdict } = await scanBeforeUpload(file, { onProgress });
    if (action === 'block') return says('This file is on a list of known material and was not sent.');
    const question =
      verdict === 'match' ? 'It looks like a listed picture.' : 'It could not be fully checked.';
    if (action === 'ask' && !confirm(`${question} Send it anyway?`)) return says('Not sent.');
    const sent = await fetch('/upload', { method: 'POST', body: file });
    says(sent.ok ? 'Sent.' : 'The server did not take it.');
  } catch (error) {
    says(`Not sent: ${error.message}`);
  } finally {
    form.elements.send.disabled = false;
    document.querySelector('#received').textContent = await (await fetch('/received')).text();
  }
});
