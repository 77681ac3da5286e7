// Reads vitest's JSON report and prints one line. A browser test that was skipped counts as failed: a green run has to
// mean that the page was really clicked through.
import { readFileSync } from 'node:fs';

const [, , report = ''] = process.argv;
const { numPassedTests, numFailedTests, testResults } = JSON.parse(readFileSync(report, 'utf8'));
const ran = ({ status }) => status === 'passed' || status === 'failed';
const usesBrowser = ({ name }) => /from '[^']*browser\.ts'/u.test(readFileSync(name, 'utf8'));
const skipped = testResults
  .filter(usesBrowser)
  .flatMap(({ assertionResults }) => assertionResults.filter((test) => !ran(test)).map(({ fullName }) => fullName));
const broken = testResults.filter((file) => file.status === 'failed' && !file.assertionResults.some(ran));
for (const name of skipped) process.stderr.write(`skipped, which is a failure here: ${name}\n`);
for (const { name } of broken) process.stderr.write(`could not run: ${name}\n`);
const failed = numFailedTests + skipped.length + broken.length;
process.stdout.write(`${numPassedTests} passed, ${failed} failed\n`);
process.exitCode = failed > 0 || numPassedTests === 0 ? 1 : 0;
