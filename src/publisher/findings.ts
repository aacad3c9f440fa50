/**
 * Remarks on lines of list files: bad ones, and ones to warn of. All are counted, the first few kept.
 * @module
 */

/** One remark. */
export interface Finding {
  /** The file as it was named, `-` for standard input. */
  file: string;
  /** Line number from 1; 0 where the remark is on the whole file. */
  line: number;
  message: string;
}

/** Remarks kept; the rest are only counted. */
export const FINDINGS_KEPT = 20;

/** Collects remarks. */
export class Findings {
  /** The first {@link FINDINGS_KEPT}, in the order of reading. */
  readonly first: Finding[] = [];
  #count = 0;

  /** All remarks, those not kept included. */
  get count(): number {
    return this.#count;
  }

  /**
   * @param file - the file as it was named
   * @param line - line number from 1, 0 for the whole file
   * @param message - what is remarked; made only if it will be kept
   */
  add(file: string, line: number, message: string | (() => string)): void {
    this.#count++;
    if (this.first.length < FINDINGS_KEPT) {
      this.first.push({ file, line, message: typeof message === 'string' ? message : message() });
    }
  }
}

/**
 * @param file - a file as it was named
 * @returns what a person calls it
 */
export function displayName(file: string): string {
  return file === '-' ? 'standard input' : file;
}

/**
 * @param findings - the remarks kept
 * @param count - remarks in all
 * @returns lines of text: `FILE:LINE: message`, and how many more there are
 */
export function describeFindings(findings: readonly Finding[], count: number): string[] {
  const lines = findings.map(({ file, line, message }) => {
    const where = displayName(file);
    return line === 0 ? `${where}: ${message}` : `${where}:${line}: ${message}`;
  });
  if (count > findings.length) lines.push(`… and ${count - findings.length} more`);
  return lines;
}
