// Prints "<passed> <failed>" of one step of .ci/run. A step that failed without a failed test (lint, build, a file that does not load, a
// crash) counts as one failure.
//
//   node scripts/tally.mjs <exit code> <vitest's JSON report>
import { readFileSync } from 'node:fs';
import { argv, stdout } from 'node:process';

const [, , exitCode, path] = argv;

function counts() {
  let report;
  try {
    report = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    return [0, 1];
  }
  const silent = report.testResults.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((test) => test.status === 'failed'),
  );
  return [report.numPassedTests, report.numFailedTests + silent.length];
}

const [passed, failed] = counts();
stdout.write(`${passed} ${failed === 0 && exitCode !== '0' ? 1 : failed}\n`);
