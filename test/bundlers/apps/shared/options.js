/** The scanner finds its workers by itself. */
export const options = {};
