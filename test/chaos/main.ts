import { writeFile } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { type Row, tableOf } from './row.ts';
import { scenarios } from './scenarios.ts';

const { values } = parseArgs({
  options: {
    /** Writes the rows there as JSON. */
    json: { type: 'string' },
    /** A few rounds of each fault, in under a minute. */
    short: { type: 'boolean', default: false },
    /** Only the named faults. */
    only: { type: 'string', multiple: true },
    /** Worlds that work side by side, where a fault allows it. */
    lanes: { type: 'string', default: '2' },
  },
});

for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(1));

const known = Object.keys(scenarios);
const unknown = (values.only ?? []).filter((name) => !known.includes(name));
if (unknown.length > 0) {
  process.stderr.write(`There is no ${unknown.join(', ')}. There are ${known.join(', ')}.\n`);
  process.exit(2);
}
const rows: Row[] = [];
for (const [name, run] of Object.entries(scenarios)) {
  if (values.only && !values.only.includes(name)) continue;
  process.stderr.write(`${name} …\n`);
  rows.push(await run({ short: values.short, lanes: Number(values.lanes) }));
  if (values.json !== undefined) await writeFile(values.json, `${JSON.stringify(rows, null, 2)}\n`);
}
process.stdout.write(`${tableOf(rows)}\n`);
for (const { fault, details } of rows) for (const detail of details) process.stdout.write(`${fault}: ${detail}\n`);
process.exit(rows.every(({ violations }) => violations === 0) ? 0 : 1);
