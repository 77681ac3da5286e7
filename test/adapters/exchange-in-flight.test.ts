import { setTimeout as pause } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scriptedContoso } from '../support/scripted-contoso.ts';
import { newConnector } from '../support/scripted-exchange.ts';
import type { Play } from '../support/scripted-https.ts';

const contoso = scriptedContoso();

describe('adapters/exchange-online: in flight for one tenant', () => {
  it('are two reads and one write at most, and these three together', async () => {
    const open = { reads: 0, writes: 0 };
    const most = { reads: 0, writes: 0, together: 0 };
    const slow: Play = (response, { body }) => {
      const kind = body.includes('"Get-') ? 'reads' : 'writes';
      open[kind] += 1;
      most[kind] = Math.max(most[kind], open[kind]);
      most.together = Math.max(most.together, open.reads + open.writes);
      void pause(30).then(() => {
        open[kind] -= 1;
        response.writeHead(200, { 'content-type': 'application/json' }).end('{"value":[]}');
      });
    };
    contoso.server.answer(...Array.from({ length: 9 }, () => slow));
    const tenant = contoso.exchange();
    const reads = Array.from({ length: 6 }, () => tenant.list('Get-AcceptedDomain'));
    const writes = Array.from({ length: 3 }, () => tenant.invoke(newConnector));
    await Promise.all([...reads, ...writes]);
    expect(most).toEqual({ reads: 2, writes: 1, together: 3 });
  });
});
