import type { Migration } from './migration.ts';

export const letterWishes: Migration = {
  name: '0013-letter-wishes',
  sql: `
    -- For what somebody may have a letter: 'approvals', because they decide, or 'notices', because they have any role.
    alter table switchyard.letters add column wish text;
  `,
};
