/**
 * The order of the test files: those of all projects mixed, so that engines and Node run beside each other and a browser
 * that waits leaves its core to another suite. By itself Vitest would run one project after the other.
 * @module
 */
import { statSync } from 'node:fs';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/**
 * @param files - by project
 * @returns each project's files evenly spread over the whole, in the order in which it gave them
 */
export function mix<T>(files: Iterable<readonly T[]>): T[] {
  return [...files]
    .flatMap((ofProject) => ofProject.map((file, i) => ({ file, at: (i + 0.5) / ofProject.length })))
    .sort((a, b) => a.at - b.at)
    .map(({ file }) => file);
}

/** Files that take long although they are short: they come first, so that no core waits for them at the end. */
const LONG =
  /trust\.test|video-conformance|attack\.test|cli-video|million|demo\.test|requests\.test|bundlers\.test/;

export default class SideBySide extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const byProject = new Map<string, TestSpecification[]>();
    for (const file of files) {
      const others = byProject.get(file.project.name) ?? [];
      byProject.set(file.project.name, [...others, file]);
    }
    const rank = ({ moduleId }: TestSpecification) => [Number(LONG.test(moduleId)), statSync(moduleId).size];
    for (const own of byProject.values()) {
      own.sort((a, b) => {
        const [[longA, sizeA], [longB, sizeB]] = [rank(a), rank(b)];
        return longB - longA || sizeB - sizeA || (a.moduleId < b.moduleId ? -1 : 1);
      });
    }
    return mix(byProject.values());
  }
}
