/**
 * The gallery on the page: one button for each sample, which shows what its last scan found.
 * @module
 */
import { showFirstFrame } from './first-frame.js';
import { SAMPLE_GROUPS, SAMPLES, type Sample } from './samples.js';

/** A sample with its bytes. */
export interface LoadedSample {
  sample: Sample;
  file: File;
}

/**
 * Fetches the samples once, before anything is counted: a scan of one then needs no request.
 * @param folder - address of the gallery's folder
 */
export async function loadSamples(folder: URL): Promise<LoadedSample[]> {
  return Promise.all(
    SAMPLES.map(async (sample) => {
      const response = await fetch(new URL(sample.file, folder));
      if (!response.ok) throw new Error(`the sample ${sample.file} could not be loaded`);
      return { sample, file: new File([await response.blob()], sample.file, { type: sample.type }) };
    }),
  );
}

/**
 * @param container - filled with a section for each group
 * @param samples - what to show
 * @param onPick - the person wants to try this one
 */
export function showGallery(
  container: HTMLElement,
  samples: readonly LoadedSample[],
  onPick: (sample: LoadedSample, tile: Tile) => void,
): void {
  for (const { group, heading, intro } of SAMPLE_GROUPS) {
    const section = document.createElement('section');
    section.className = 'group';
    const title = document.createElement('h3');
    title.textContent = heading;
    const lead = document.createElement('p');
    lead.textContent = intro;
    const list = document.createElement('ul');
    for (const loaded of samples.filter(({ sample }) => sample.group === group)) {
      const tile = createTile(loaded);
      tile.button.addEventListener('click', () => onPick(loaded, tile));
      const item = document.createElement('li');
      item.append(tile.button);
      list.append(item);
    }
    section.append(title, lead, list);
    container.append(section);
  }
}

/** A sample's button. */
export interface Tile {
  readonly button: HTMLButtonElement;
  /** Shows how its scan stands. */
  mark(tone: string, badge: string): void;
}

function createTile({ sample, file }: LoadedSample): Tile {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'tile';
  const frame = document.createElement('span');
  frame.className = 'tile-picture';
  if (sample.picture) {
    const image = document.createElement('img');
    image.alt = '';
    if (sample.whole) image.className = 'whole';
    image.src = URL.createObjectURL(file);
    frame.append(image);
  } else {
    frame.dataset.sign = sample.file.split('.').pop();
    if (sample.video) showFirstFrame(frame, file);
  }
  const mark = document.createElement('span');
  mark.className = 'tile-mark';
  const title = document.createElement('span');
  title.className = 'tile-title';
  title.textContent = sample.title;
  const note = document.createElement('span');
  note.className = 'tile-note';
  note.textContent = sample.note;
  button.append(frame, title, note, mark);
  return {
    button,
    mark(tone, badge) {
      button.dataset.tone = tone;
      mark.textContent = badge;
    },
  };
}
