import { firstTables } from './0001-first-tables.ts';
import { consents } from './0002-consents.ts';
import type { Migration } from './migration.ts';

/** All migrations, oldest first. */
export const migrations: readonly Migration[] = [firstTables, consents];
