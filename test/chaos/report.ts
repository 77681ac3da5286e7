import { renameSync, writeFileSync } from 'node:fs';
import { type Row, tableOf } from './row.ts';

/** Writes the rows to the file, if there is one, whole or not at all. */
export function writeRows(file: string | undefined, rows: readonly Row[]): void {
  if (file === undefined) return;
  writeFileSync(`${file}.new`, `${JSON.stringify(rows, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}

/** Prints the table, and below it what was found. */
export function printRows(rows: readonly Row[]): void {
  process.stdout.write(`${tableOf(rows)}\n`);
  for (const { fault, details } of rows) for (const detail of details) process.stdout.write(`${fault}: ${detail}\n`);
}
