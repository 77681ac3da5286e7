import type { Migration } from './migration.ts';

export const lastTurn: Migration = {
  name: '0015-last-turn',
  sql: `
    -- Which entry of its request this is, is read off the newest one of them, which the index ends with, however many
    -- there are: it is found out under the lock that everybody waits for. The range keeps the planner to that index.
    -- Entries from before turns are counted once, and what stands behind the head is not part of the trail.
    create or replace function switchyard.append_audit(id uuid, entry text) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        head switchyard.audit_head;
        request text := append_audit.entry::json ->> 'requestId';
        turn bigint;
        content text;
        next_hash text;
      begin
        select * into strict head from switchyard.audit_head for update;
        if exists (select from switchyard.audit a where a.id = append_audit.id) then return; end if;
        select (a.entry ->> 'turn')::bigint + 1 into turn from switchyard.audit a
          where (a.entry ->> 'requestId', a.seq) between (request, 1::bigint) and (request, head.seq)
          order by a.entry ->> 'requestId' desc, a.seq desc limit 1;
        if turn is null then
          select count(*) + 1 into turn from switchyard.audit a
            where a.entry ->> 'requestId' = request and a.seq between 1 and head.seq;
        end if;
        entry := left(entry, -1) || ',"turn":' || turn || '}';
        content := encode(sha256(convert_to(entry, 'UTF8')), 'hex');
        next_hash := encode(sha256(convert_to(head.hash || E'\\n' || (head.seq + 1) || E'\\n' || content, 'UTF8')), 'hex');
        insert into switchyard.audit (seq, id, previous, hash, entry)
          values (head.seq + 1, append_audit.id, head.hash, next_hash, append_audit.entry::json);
        update switchyard.audit_head set seq = head.seq + 1, hash = next_hash;
      end $$;
  `,
};
