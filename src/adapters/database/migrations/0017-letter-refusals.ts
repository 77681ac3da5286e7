import type { Migration } from './migration.ts';

export const letterRefusals: Migration = {
  name: '0017-letter-refusals',
  sql: `
    -- How often Teams said no without a reason that lasts.
    alter table switchyard.letters add column refusals integer not null default 0;
  `,
};
