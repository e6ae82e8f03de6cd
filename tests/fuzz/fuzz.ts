/**
 * Mutated captures through every parser of outside text.
 *
 *   npm run fuzz [-- --seconds N] [--inputs N] [--seed S] [--only SUBJECT] [--number N]
 *
 * Ends after a million inputs, or after N seconds. With --number it runs that one input of --only again and prints it whole.
 */
import { parseArgs } from 'node:util';
import type { FuzzReport } from './fuzz-subjects.ts';
import { runOne } from './fuzz-subjects.ts';
import { runFuzz } from './run-fuzz.ts';
import { subjects } from './subjects/registry.ts';

const { values } = parseArgs({
  options: {
    seconds: { type: 'string', default: '3600' },
    inputs: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: String(Date.now()) },
    only: { type: 'string' },
    number: { type: 'string' },
  },
});
const chosen = subjects.filter(({ id }) => values.only === undefined || id === values.only);
if (chosen.length === 0)
  throw new Error(`There is no subject ${values.only}. There are: ${subjects.map(({ id }) => id).join('; ')}`);

function printReport(report: FuzzReport): void {
  const inputs = report.subjects.reduce((sum, subject) => sum + subject.inputs, 0);
  for (const { id, inputs: count, characters, seconds, slowestMs } of report.subjects)
    console.log(
      [
        id.padEnd(30),
        `${count} inputs`.padStart(16),
        `${Math.round(count / seconds)}/s`.padStart(10),
        `${(characters / seconds / 1e6).toFixed(1)} MB/s`.padStart(12),
        `slowest ${slowestMs.toFixed(1)} ms`.padStart(18),
      ].join(' '),
    );
  console.log(`\n${inputs} inputs, seed ${values.seed}, ${report.failures.length} failures`);
  for (const { subject, number, what, input } of report.failures)
    console.log(
      `\n${subject}: ${what}\n  ${input}\n  npm run fuzz -- --seed ${values.seed} --only '${subject}' --number ${number}`,
    );
}

if (values.number !== undefined) {
  for (const subject of chosen) {
    const { what, input, milliseconds } = runOne(subject, subject.seeds(), {
      seed: values.seed,
      number: Number(values.number),
    });
    console.log(`${JSON.stringify(input)}\n${subject.id}: ${what ?? 'all is well'}, ${milliseconds.toFixed(1)} ms`);
  }
} else {
  const report = await runFuzz({
    seed: values.seed,
    seconds: Number(values.seconds),
    mostInputs: Number(values.inputs),
    ids: chosen.map(({ id }) => id),
  });
  printReport(report);
  if (report.failures.length > 0) process.exitCode = 1;
}
