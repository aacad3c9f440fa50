/**
 * English.
 * @module
 */
import type { Catalogue } from './catalogue.js';

/** English words. */
export const english: Catalogue = {
  language: 'en',
  headlines: {
    exact: 'This exact file is on a list',
    'exact-weak': 'This file has the fingerprint of a listed file',
    perceptual: 'This looks like a listed picture',
    'no-known-match': 'Not on the list',
    inconclusive: 'The scan could not tell',
  },
  meanings: {
    exact: 'Its SHA-256 digest is listed: it is the listed file, byte for byte.',
    'exact-weak':
      'Only an MD5 or SHA-1 digest is listed. Another file can be made on purpose to have the same one, so ' +
      'this is not a proof.',
    perceptual:
      'A listed picture looks the same or nearly so, perhaps resized, mirrored or edited. That is a strong ' +
      'hint, not a proof: different pictures can look alike to this comparison.',
    'no-known-match': 'That does not mean that it is safe: a list holds only what was reported before.',
  },
  reasons: {
    'no-list': 'No list is loaded, so there was nothing to compare it with.',
    'list-expired': 'The list is too old to be relied on.',
    unsupported:
      'This kind of file can’t be compared with the list: a video, say, or a picture type that the browser ' +
      'does not open. Its name doesn’t count, only its content does.',
    undecodable: 'The browser could not open it as a picture. It may be damaged or cut short.',
    unreadable: 'The file could not be read. It may have been moved or changed, or it is a folder.',
    'too-large': 'The file, or the picture in it, is larger than the scanner accepts.',
    'readback-blocked':
      'The browser hides or alters the pixels of pictures, as a guard against tracking, so their look could ' +
      'not be compared.',
    timeout: 'The scan took longer than it may.',
    busy: 'Too many files were waiting already.',
    'worker-lost': 'The scanner stopped unexpectedly. It starts again for the next file.',
    aborted: 'You cancelled this scan.',
  },
  signals: { exact: 'same file', 'exact-weak': 'same MD5 or SHA-1', perceptual: 'looks alike' },
  actions: {
    block: 'The file was not sent.',
    ask: 'The file has not been sent. You decide, or somebody looks at it first.',
    allow: 'Nothing stands against sending it.',
  },
  coverage: {
    all: 'Every check that this kind of file calls for was made.',
    'digests-only': 'Compared byte for byte only: a changed copy would not be noticed.',
    partial: 'Part of it was not looked at.',
  },
  notes: {
    'low-detail': 'The picture has too little detail to compare its look.',
    'animation-cut': 'Some of its frames or further pictures were not compared.',
    'picture-cut': 'The picture is cut off: the file ends too early.',
    'motion-unchecked': 'The short video that belongs to the picture was not compared.',
    'perceptual-unchecked': 'Its look could not be compared.',
    'not-checked': 'Nothing in it was looked at.',
    'list-expired': 'The approval of a list has expired.',
    'list-missing': 'A list has not arrived yet.',
    'frames-sampled': 'Fewer frames of the video were compared than one a second.',
    'frames-missing': 'Some frames of the video could not be decoded.',
    'part-missing': 'Something needed to look inside it could not be loaded.',
  },
  video: 'Frames that were compared: {frames}, of a video of {seconds} s.',
  finder: {
    ran: 'Pictures inside it, as in a screenshot, were looked for as well.',
    off: 'Pictures inside it, as in a screenshot, are not looked for here.',
    failed: 'Pictures inside it, as in a screenshot, could not be looked for.',
  },
  privacy: 'The check ran on your device, and it told nobody.',
  appeal:
    'Do you think that this is a mistake? Give us this number: {appeal}. It is random and says nothing about ' +
    'your file.',
  list: '{name}, version {version}, built {age}',
  justNow: 'just now',
  help: [
    {
      text: 'Were you sent this? You can report it without giving your name. Please don’t pass the picture on.',
      name: 'INHOPE, hotlines in many countries',
      url: 'https://www.inhope.org/',
    },
    {
      text: 'Are you in the picture, and were you under 18? You can have it blocked without showing it to anyone.',
      name: 'Take It Down',
      url: 'https://takeitdown.ncmec.org/',
    },
    {
      text: 'Are you in the picture, and were you 18 or older?',
      name: 'StopNCII.org',
      url: 'https://stopncii.org/',
    },
    {
      text: 'Are you worried about your own thoughts or behaviour, or somebody else’s? You can talk about it in confidence.',
      name: 'Stop It Now (United Kingdom and Ireland)',
      url: 'https://www.stopitnow.org.uk/',
    },
  ],
};
