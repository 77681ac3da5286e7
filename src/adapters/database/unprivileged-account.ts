import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve } from 'node:path';

/** A user and group of the operating system. */
export interface Account {
  readonly uid: number;
  readonly gid: number;
}

const conventionalNobody: Account = { uid: 65534, gid: 65534 };

/** PostgreSQL refuses to run as root, so root hands the database to `nobody`. Null when we are not root. */
export function unprivilegedAccount(): Account | null {
  return process.getuid?.() === 0 ? nobody() : null;
}

function nobody(): Account {
  const fields = readPasswd()
    .split('\n')
    .map((line) => line.split(':'))
    .find(([name]) => name === 'nobody');
  const uid = Number(fields?.[2]);
  const gid = Number(fields?.[3]);
  return Number.isInteger(uid) && Number.isInteger(gid) && uid > 0 ? { uid, gid } : conventionalNobody;
}

function readPasswd(): string {
  try {
    return readFileSync('/etc/passwd', 'utf8');
  } catch {
    return '';
  }
}

/** Whether the account may pass through every folder on the way to `path` and through `path` itself. */
export function mayEnter(path: string, account: Account): boolean {
  const folder = resolve(path);
  if (!letsPass(folder, account)) return false;
  const parent = dirname(folder);
  return parent === folder || mayEnter(parent, account);
}

function letsPass(folder: string, { uid, gid }: Account): boolean {
  const { uid: owner, gid: group, mode } = statSync(folder);
  if (owner === uid) return (mode & 0o100) !== 0;
  if (group === gid) return (mode & 0o010) !== 0;
  return (mode & 0o001) !== 0;
}
