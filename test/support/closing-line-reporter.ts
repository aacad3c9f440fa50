/**
 * Ends a run with one line that any continuous integration can read: `N passed, N failed, N skipped`. Before it come the
 * tests that passed at their second try only.
 * @module
 */
import type { Reporter, TestModule } from 'vitest/node';

/**
 * @param modules - the test files that ran
 * @param unhandled - errors outside of any test
 * @returns the last lines of the run
 */
export function closingLines(modules: readonly TestModule[], unhandled: readonly unknown[]): string[] {
  const count = { passed: 0, failed: 0, skipped: 0 };
  const lines: string[] = [];
  for (const module of modules) {
    if (module.errors().length > 0) count.failed++;
    for (const test of module.children.allTests()) {
      const { state, errors } = test.result();
      if (state === 'pending') count.failed++;
      else count[state]++;
      if (!test.diagnostic()?.flaky) continue;
      // Nobody sees the first try otherwise.
      const reason = errors?.[0]?.message.split('\n')[0] ?? 'no reason is known';
      lines.push(
        `Passed at the second try only: ${test.project.name}, ${module.relativeModuleId}, "${test.fullName}": ${reason}`,
      );
    }
  }
  count.failed += unhandled.length;
  return [...lines, `${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`];
}

export default class ClosingLineReporter implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly unknown[]): void {
    const lines = closingLines(modules, unhandled);
    // After the default reporter's own summary.
    process.once('exit', () => console.log(lines.join('\n')));
  }
}
