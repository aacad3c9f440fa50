/**
 * The gallery: harmless files to try, and what they stand for. Licences: gallery/LICENSES.md.
 * @module
 */

/** Where a sample is shown. */
export type SampleGroup = 'listed' | 'altered' | 'inside' | 'video' | 'unlisted' | 'odd';

/** One file of the gallery. */
export interface Sample {
  /** File name under gallery/. */
  file: string;
  group: SampleGroup;
  title: string;
  /** What was done to it, or what it is. */
  note: string;
  /** Declared type; the scanner looks at the content instead. */
  type: string;
  /** False where there is nothing to show: the tile gets a sign instead. */
  picture: boolean;
  /** True where the tile shows its first frame. */
  video?: true;
  /** True where the tile shows the whole of it, as it is taller than the others. */
  whole?: true;
}

/** Headings of the groups, in the order in which they are shown. */
export const SAMPLE_GROUPS: readonly { group: SampleGroup; heading: string; intro: string }[] = [
  { group: 'listed', heading: 'On the demo list', intro: 'The very files that the list was built from.' },
  {
    group: 'altered',
    heading: 'Changed copies of listed pictures',
    intro: 'Not the listed files, but what people make of them before they pass them on.',
  },
  {
    group: 'inside',
    heading: 'Listed pictures inside other pictures',
    intro:
      'No hash of the whole sees them. The picture finder looks for pictures inside, on this device too.',
  },
  {
    group: 'video',
    heading: 'Videos',
    intro: 'The browser decodes them, and a frame a second is compared with the listed pictures.',
  },
  { group: 'unlisted', heading: 'Not on the list', intro: 'Pictures that the list has never seen.' },
  { group: 'odd', heading: 'Odd files', intro: 'Files about which a scan can say little or nothing.' },
];

const picture = (file: string, group: SampleGroup, title: string, note: string): Sample => ({
  file,
  group,
  title,
  note,
  type: file.endsWith('.png') ? 'image/png' : file.endsWith('.webp') ? 'image/webp' : 'image/jpeg',
  picture: true,
});

const video = (file: string, title: string, note: string): Sample => ({
  file,
  group: 'video',
  title,
  note,
  type: 'video/webm',
  picture: false,
  video: true,
});

/** All samples, in order. */
export const SAMPLES: readonly Sample[] = [
  picture('boats.jpg', 'listed', 'Boats in a river', 'Photo, about 1865'),
  picture('airplane.jpg', 'listed', 'Airplane, from above', 'Photo, 1914–1929'),
  picture('acanthus.jpg', 'listed', 'Bear’s breeches', 'Photo, 1928'),
  picture('allium.jpg', 'listed', 'Pink lily leek', 'Photo, 1928'),
  picture('hills.jpg', 'listed', 'Hills at dusk', 'Drawn by a program'),
  picture('boats-small.jpg', 'altered', 'Boats, small', 'Half the size, low JPEG quality'),
  picture('airplane-mirrored.jpg', 'altered', 'Airplane, mirrored', 'Left and right swapped'),
  picture('hills-grey.webp', 'altered', 'Hills, grey', 'Colours removed, brighter, WebP'),
  picture('acanthus-faded.png', 'altered', 'Bear’s breeches, faded', 'Smaller, partly transparent PNG'),
  { ...picture('chat.jpg', 'inside', 'Chat', 'Screenshot; the airplane is in it'), whole: true },
  picture('album.jpg', 'inside', 'Album page', 'Five pictures; one of them is listed'),
  video('slides.webm', 'Slide show', 'Nine seconds; the boats are in it'),
  video('evening.webm', 'Another slide show', 'Nothing listed in it'),
  picture('alps.jpg', 'unlisted', 'Alpine landscape', 'Photo, about 1865'),
  picture('cat.jpg', 'unlisted', 'House cat, moving', 'Photos, 1887'),
  picture('window.jpg', 'unlisted', 'Stained glass', 'Drawn by a program'),
  picture('ink.jpg', 'unlisted', 'Marbled ink', 'Drawn by a program'),
  {
    ...picture('chat-cat.jpg', 'unlisted', 'Another chat', 'Screenshot; no listed picture in it'),
    whole: true,
  },
  picture('sky.png', 'odd', 'Clear sky', 'Nothing in it to compare'),
  { ...picture('broken.jpg', 'odd', 'Broken photo', 'The first 1,200 bytes of a JPEG'), picture: false },
  {
    ...picture('holiday.jpg', 'odd', 'holiday.jpg', 'Really the start of an MP4 video'),
    picture: false,
  },
  {
    file: 'notes.txt',
    group: 'odd',
    title: 'Shopping list',
    note: 'A text file',
    type: 'text/plain',
    picture: false,
  },
];
