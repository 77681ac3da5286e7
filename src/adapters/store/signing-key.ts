import { randomBytes } from 'node:crypto';
import type { Session } from './session.ts';

const bytes = 32;

/** A key for states that come back through a browser, the same for all processes: whoever comes first makes it. */
export async function signingKey(session: Session, name: string): Promise<Uint8Array> {
  const made = 'insert into switchyard.signing_keys (name, key) values ($1, $2) on conflict do nothing';
  await session.query(made, [name, randomBytes(bytes)]);
  const sql = 'select key from switchyard.signing_keys where name = $1';
  const { rows } = await session.query<{ key: Buffer }>(sql, [name]);
  const key = rows[0]?.key;
  if (key?.length !== bytes) throw new Error(`the key ${name} is not as it was made`);
  return key;
}
