import type { Migration } from './migration.ts';

export const notices: Migration = {
  name: '0006-notices',
  sql: `
    -- A request may be shown in several places; all its cards are edited.
    alter table switchyard.cards drop constraint cards_pkey;
    alter table switchyard.cards
      add column revision integer not null default 0,
      add column issued_at timestamptz not null default clock_timestamp(),
      add primary key (request_id, conversation, message_id);
    create index cards_by_conversation on switchyard.cards (conversation);

    -- How the person of a personal chat reads.
    alter table switchyard.conversations add column reader json;

    -- How often a card was sent to a place without its being known whether it arrived.
    create table switchyard.card_posts (
      request_id text not null,
      conversation text not null,
      attempts integer not null,
      primary key (request_id, conversation)
    );

    -- One row per conversation: its lock makes sure that one process at a time posts notices there.
    create table switchyard.letter_boxes (
      conversation text primary key,
      retry_at timestamptz not null default '-infinity',
      failures integer not null default 0,
      served_at timestamptz not null default '-infinity'
    );
    -- due_at is the product's time: digests wait for it.
    create table switchyard.letters (
      id bigint generated always as identity primary key,
      key text not null,
      conversation text not null references switchyard.letter_boxes (conversation),
      audience text not null,
      digest text,
      notice json not null,
      due_at timestamptz not null,
      tried integer not null default 0,
      done_at timestamptz,
      outcome text,
      unique (key, conversation)
    );
    create index letters_open on switchyard.letters (conversation, id) where done_at is null;
    create index letters_done on switchyard.letters (done_at) where done_at is not null;
    create index letters_lately on switchyard.letters (conversation, done_at) where done_at is not null;

    create table switchyard.subscriptions (
      conversation text not null,
      kind text not null,
      topic text not null,
      shown text not null,
      digest text,
      time_zone text,
      by_person json not null,
      primary key (conversation, kind, topic)
    );
    create index subscriptions_by_topic on switchyard.subscriptions (kind, topic);
  `,
};
