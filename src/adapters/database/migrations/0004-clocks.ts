import type { Migration } from './migration.ts';

// One index tells what is due next, so that a request that waits costs its row and nothing else.
export const clocks: Migration = {
  name: '0004-clocks',
  sql: `
    alter table switchyard.requests
      add column next_due timestamptz,
      add column due_policy text not null default '',
      add column owed_by text;
    update switchyard.requests set next_due = decide_by where state = 'awaiting-approval';
    create index requests_by_next_due on switchyard.requests (next_due) where next_due is not null;
    create index requests_by_due_policy on switchyard.requests (due_policy) where next_due is not null;
    create index requests_by_debtor on switchyard.requests (owed_by) where owed_by is not null;
    drop index switchyard.requests_by_decide_by;
  `,
};
