import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { Account } from './unprivileged-account.ts';

const execute = promisify(execFile);

/** Runs a program of PostgreSQL to its end; rejects with what it printed when it fails. */
export async function runProgram(file: string, args: readonly string[], account: Account | null): Promise<void> {
  // The account may not be allowed into the current folder, and the programs insist on one they can read.
  await execute(file, [...args], {
    ...account,
    cwd: process.platform === 'win32' ? process.cwd() : '/',
    env: quietEnvironment(),
    timeout: 60_000,
  });
}

/** The environment for PostgreSQL's programs: nothing of ours, no PG* variables, messages in English. */
export function quietEnvironment(): NodeJS.ProcessEnv {
  const { PATH, SystemRoot, TEMP, TMP } = process.env;
  return { PATH, SystemRoot, TEMP, TMP, LC_ALL: 'C', TZ: 'UTC' };
}
