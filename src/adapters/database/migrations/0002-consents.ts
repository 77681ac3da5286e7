import type { Migration } from './migration.ts';

export const consents: Migration = {
  name: '0002-consents',
  sql: `
    create table switchyard.signing_keys (
      name text primary key,
      key bytea not null
    );

    create table switchyard.consents (
      id text primary key,
      tenant_id text not null,
      requester_id text not null,
      expires_at timestamptz not null,
      taken_at timestamptz,
      outcome json not null default '{"kind":"open"}'
    );
    create index consents_by_expiry on switchyard.consents (expires_at);
  `,
};
