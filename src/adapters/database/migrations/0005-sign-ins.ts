import type { Migration } from './migration.ts';

export const signIns: Migration = {
  name: '0005-sign-ins',
  sql: `
    create table switchyard.sign_ins (
      id_hash text primary key,
      request json not null,
      state text not null default 'open' check (state in ('open', 'signed-in', 'used', 'failed')),
      expires_at timestamptz not null,
      signed_in json,
      browser_hash text
    );
    create index sign_ins_by_expiry on switchyard.sign_ins (expires_at);
  `,
};
