import type { Migration } from './migration.ts';

export const auditTurns: Migration = {
  name: '0014-audit-turns',
  sql: `
    -- Each entry tells, inside what is hashed, which one of its request it is: none can be left out unseen of what is
    -- shown of one request. The key comes last of all, so that the text stays canonical.
    create or replace function switchyard.append_audit(id uuid, entry text) returns void
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
      declare
        head switchyard.audit_head;
        turn bigint;
        content text;
        next_hash text;
      begin
        select * into strict head from switchyard.audit_head for update;
        if exists (select from switchyard.audit a where a.id = append_audit.id) then return; end if;
        select count(*) + 1 into turn from switchyard.audit a
          where a.entry ->> 'requestId' = append_audit.entry::json ->> 'requestId';
        entry := left(entry, -1) || ',"turn":' || turn || '}';
        content := encode(sha256(convert_to(entry, 'UTF8')), 'hex');
        next_hash := encode(sha256(convert_to(head.hash || E'\\n' || (head.seq + 1) || E'\\n' || content, 'UTF8')), 'hex');
        insert into switchyard.audit (seq, id, previous, hash, entry)
          values (head.seq + 1, append_audit.id, head.hash, next_hash, append_audit.entry::json);
        update switchyard.audit_head set seq = head.seq + 1, hash = next_hash;
      end $$;
  `,
};
