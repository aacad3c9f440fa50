/**
 * `node models/picture-finder/fonts.mjs`: installs the free fonts that compositions are set in, from Debian's packages.
 */
import { installDebianPackages } from '../../scripts/find-browser.mjs';

/** Packages; their families are listed in compose/words.ts. */
export const FONT_PACKAGES = [
  'fonts-dejavu',
  'fonts-liberation',
  'fonts-noto-core',
  'fonts-open-sans',
  'fonts-roboto-unhinted',
  'fonts-lato',
];

if (!installDebianPackages(FONT_PACKAGES)) {
  console.error(
    `Could not install ${FONT_PACKAGES.join(', ')}: compositions will use the machine's own fonts.`,
  );
  process.exitCode = 1;
}
