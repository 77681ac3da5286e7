import { chmodSync, lchownSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseError } from './database-error.ts';
import type { Account } from './unprivileged-account.ts';

/**
 * PostgreSQL starts only in a folder of its own account. A cluster that root restored or copied belongs to root and is
 * handed back; one of anybody else is refused at once instead of after a long wait for a server that cannot start.
 */
export function claimCluster(home: string, account: Account | null): void {
  if (process.platform === 'win32') return;
  const data = join(home, 'data');
  const found = statSync(data).uid;
  const expected = account?.uid ?? process.getuid?.();
  if (found === expected) return;
  if (account === null || found !== 0) {
    throw new DatabaseError(`The database in ${home} belongs to the user ${found}, and this bot is user ${expected}.`, {
      operation: 'open the embedded database',
      next: `Run Switchyard as the user it was made by, or hand it over: chown -R ${expected} ${home}`,
    });
  }
  for (const name of ['', ...readdirSync(home, { recursive: true, encoding: 'utf8' })]) {
    lchownSync(join(home, name), account.uid, account.gid);
  }
  // A copy also loses the mode, and PostgreSQL insists on it.
  chmodSync(data, 0o700);
}
