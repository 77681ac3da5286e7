import { parseArgs } from 'node:util';
import { kindNames } from './kinds/index.ts';
import { printRows, writeRows } from './report.ts';
import { type Row, Tally, tableOf } from './row.ts';
import { scenarios } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    /** Writes the rows there as JSON. */
    json: { type: 'string' },
    /** A few rounds of each fault, in some minutes. */
    short: { type: 'boolean', default: false },
    /** Only the named faults. */
    only: { type: 'string', multiple: true },
    /** Only these stories, where the bot is killed at each of their points. */
    kind: { type: 'string', multiple: true },
    /** Worlds that work side by side, where a fault allows it. */
    lanes: { type: 'string', default: '2' },
  },
});

insistOn(values.only ?? [], Object.keys(scenarios));
insistOn(values.kind ?? [], kindNames);
const kinds = kindNames.filter((name) => values.kind?.includes(name) ?? true);
const rows: Row[] = [];
// What is known so far took hours, perhaps, so an interruption loses nothing of it. What was started ends by itself.
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    const soFar = [...rows, ...Tally.partialRows()];
    writeRows(values.json, soFar);
    printRows(soFar);
    process.exit(1);
  });
}
for (const [name, run] of Object.entries(scenarios)) {
  if (values.only && !values.only.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  try {
    rows.push(await run({ short: values.short, lanes: Number(values.lanes), kinds }));
  } catch (error) {
    rows.push(...Tally.brokenOff(String(error)));
  }
  writeRows(values.json, rows);
  process.stderr.write(`${tableOf(rows.slice(-1))}\n`);
}
printRows(rows);
process.exit(rows.every(({ violations }) => violations === 0) ? 0 : 1);

function insistOn(names: readonly string[], known: readonly string[]): void {
  const unknown = names.filter((name) => !known.includes(name));
  if (unknown.length === 0) return;
  process.stderr.write(`There is no ${unknown.join(', ')}. There are ${known.join(', ')}.\n`);
  process.exit(2);
}
