import { readFileSync, writeFileSync } from 'node:fs';

/** One test as it went. */
export interface Result {
  readonly suite: string;
  readonly name: string;
  readonly milliseconds: number;
  /** Absent when it passed. */
  readonly error?: string;
}

/** The part of vitest's JSON report that is read here: one reader counts both kinds of tests. */
interface Report {
  numTotalTests: number;
  numPassedTests: number;
  numFailedTests: number;
  success: boolean;
  testResults: {
    name: string;
    status: 'passed' | 'failed';
    assertionResults: {
      ancestorTitles: string[];
      fullName: string;
      title: string;
      status: 'passed' | 'failed';
      duration: number;
      failureMessages: string[];
    }[];
  }[];
}

export function writeReport(path: string, results: readonly Result[]): void {
  writeFileSync(path, `${JSON.stringify(reportOf(results))}\n`);
}

/** Adds the results to a report that vitest wrote, so that one file tells how the whole command went. */
export function addToReport(path: string, results: readonly Result[]): void {
  const before = JSON.parse(readFileSync(path, 'utf8')) as Report;
  const added = reportOf(results);
  const sum = {
    ...before,
    numTotalTests: before.numTotalTests + added.numTotalTests,
    numPassedTests: before.numPassedTests + added.numPassedTests,
    numFailedTests: before.numFailedTests + added.numFailedTests,
    success: before.success && added.success,
    testResults: [...before.testResults, ...added.testResults],
  };
  writeFileSync(path, JSON.stringify(sum));
}

function reportOf(results: readonly Result[]): Report {
  const failed = results.filter(({ error }) => error !== undefined).length;
  const suites = [...new Set(results.map(({ suite }) => suite))];
  return {
    numTotalTests: results.length,
    numPassedTests: results.length - failed,
    numFailedTests: failed,
    success: failed === 0,
    testResults: suites.map((suite) => {
      const own = results.filter((result) => result.suite === suite);
      return {
        name: `VS Code: ${suite}`,
        status: own.some(({ error }) => error !== undefined) ? 'failed' : 'passed',
        assertionResults: own.map(({ name, milliseconds, error }) => ({
          ancestorTitles: [suite],
          fullName: `${suite} ${name}`,
          title: name,
          status: error === undefined ? 'passed' : 'failed',
          duration: milliseconds,
          failureMessages: error === undefined ? [] : [error],
        })),
      };
    }),
  };
}
