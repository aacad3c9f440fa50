/**
 * `npm run docs:api`: the reference of every entry that package.json exports, into build/api.
 * @module
 */
import { entrySources } from './scripts/api-report.mjs';

/** @type {Partial<import('typedoc').TypeDocOptions>} */
const options = {
  entryPoints: [...entrySources().values()],
  out: 'build/api',
  name: 'Presieve',
  treatWarningsAsErrors: true,
  // Links to sources would need a public address of this checkout.
  disableSources: true,
  // Constants that a type is derived from.
  intentionallyNotExported: ['src/parts.ts:PART_NAMES', 'src/scan/video.ts:VIDEO_CODECS'],
};
export default options;
