import type { Migration } from './migration.ts';

export const placesGone: Migration = {
  name: '0016-places-gone',
  sql: `
    -- The team a channel belongs to: with the team, all its channels go.
    alter table switchyard.conversations add column team_id text;
    create index conversations_by_team on switchyard.conversations (team_id) where team_id is not null;
    -- Where a letter goes that belongs to no request when its conversation is gone.
    alter table switchyard.letters add column otherwise text;
  `,
};
