import type { Migration } from './migration.ts';

export const subscribers: Migration = {
  name: '0011-subscribers',
  sql: `
    -- Whoever subscribed may not any more: nothing is sent for it, and the operators were told so once.
    alter table switchyard.subscriptions add column suspended boolean not null default false;
    -- On whose wish a notice goes where it goes; looked at again when it is sent.
    alter table switchyard.letters add column by_person json;
  `,
};
