import { expect, it } from 'vitest';
import { bodyOf, PARTNER, post, wire } from './wire.ts';

const cloud = wire();

it('fidelity point 6: a batch with accented text fails or garbles like a single call where its charset is not declared', async () => {
  const path = `${cloud.rehearsal.cloud}/adminapi/beta/${cloud.id('contoso')}`;
  const call = JSON.parse(bodyOf('New-InboundConnector', { ...PARTNER, Comment: 'für' }));
  const one = { id: '1', method: 'POST', url: `${path}/InvokeCommand`, headers: {}, body: call };
  const send = async (contentType: string) => {
    const token = await cloud.rehearsal.token('contoso');
    return post(`${path}/$batch`, token, JSON.stringify({ requests: [one] }), { 'content-type': contentType });
  };
  const undeclared = await send('application/json');
  await cloud.directory({ switches: { garblesUndeclaredCharset: true } });
  const garbled = await send('application/json');
  const declared = await send('application/json; charset=utf-8');
  expect(undeclared.status).toBe(500);
  expect(garbled.body.responses[0].body.value[0].Comment).toBe('fÃ¼r');
  // The name is taken by now, which is what a batch that was read can say.
  expect(declared.body.responses[0].status).toBe(400);
});
