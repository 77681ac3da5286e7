import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { compileCache } from '../support/compile-cache.ts';

const program = fileURLToPath(new URL('../../src/cli.ts', import.meta.url));

/** What a call of the command line came to. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Calls the command line as an operator does, on a data folder. */
export function runCli(args: readonly string[], data: string): Promise<Ran> {
  return new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], NODE_COMPILE_CACHE: compileCache, SWITCHYARD_DATA: data };
    execFile(process.execPath, [program, ...args], { env, maxBuffer: 2 ** 26 }, (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}
