import type { Migration } from './migration.ts';

export const people: Migration = {
  name: '0012-people',
  sql: `
    -- What people are called, for cards that would otherwise show ids.
    create table switchyard.people (
      object_id text primary key,
      name text not null
    );
  `,
};
