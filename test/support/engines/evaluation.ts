/**
 * A function call as text, and its outcome as text: the one form that all three ways of driving a page carry.
 * @module
 */

/**
 * @param run - function that is sent
 * @param argument - its one argument, JSON
 * @returns an expression for a promise of JSON, which {@link readOutcome} reads; it never rejects
 */
export function callExpression(run: (...args: never[]) => unknown, argument: unknown): string {
  const json = JSON.stringify(argument);
  // Parsed there rather than written as a literal: base64 of some megabytes is slow to compile.
  const given = json === undefined ? '' : `JSON.parse(${JSON.stringify(json)})`;
  return `(async () => {
    try {
      return JSON.stringify({ value: await (${run.toString()})(${given}) });
    } catch (error) {
      const { name, message, stack } = error instanceof Error ? error : { name: 'thrown', message: String(error) };
      return JSON.stringify({ error: { name, message, stack } });
    }
  })()`;
}

/**
 * @param json - what the expression's promise gave
 * @returns the function's value
 * @throws Error where the function threw
 */
export function readOutcome<R>(json: unknown): R {
  if (typeof json !== 'string') throw new Error(`the page gave no outcome: ${String(json)}`);
  const { value, error } = JSON.parse(json) as {
    value: R;
    error?: { name: string; message: string; stack?: string };
  };
  if (error === undefined) return value;
  const thrown = new Error(`in the page: ${error.name}: ${error.message}`, { cause: error.stack });
  throw thrown;
}
