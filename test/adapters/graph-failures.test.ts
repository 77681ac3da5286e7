import { describe, expect, it, vi } from 'vitest';
import type { DirectoryOptions } from '../../src/adapters/graph/directory.ts';
import {
  RefusedError,
  RejectedError,
  TenantAccessError,
  TenantMismatchError,
  ThrottledError,
  UnavailableError,
  UnknownOutcomeError,
} from '../../src/core/errors.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { directoryAt, failure, values } from '../support/scripted-directory.ts';
import { CONTOSO, errorOf, FABRIKAM } from '../support/scripted-exchange.ts';
import { cutConnection, jsonAnswer, type Play, rawAnswer, unsignedToken } from '../support/scripted-https.ts';
import { scriptedServer } from '../support/scripted-server.ts';

const scripted = scriptedServer();
const directory = (overrides: Partial<DirectoryOptions> = {}) => directoryAt(scripted.server.url, overrides);

describe('adapters/graph: failures', () => {
  it('waits as long as it is told, or a moment, and never unseen', async () => {
    const clock = new FakeClock();
    const before = clock.now().getTime();
    scripted.server.answer(rawAnswer(429, '{}', { 'retry-after': '7' }), failure(503, 'ServiceUnavailable'), values());
    await directory({ clock }).domains();
    const seconds = (clock.now().getTime() - before) / 1000;
    expect(seconds).toBeGreaterThanOrEqual(7);
    expect(seconds).toBeLessThan(10);
    scripted.server.answer(
      failure(429, 'TooManyRequests'),
      failure(429, 'TooManyRequests'),
      failure(429, 'TooManyRequests'),
    );
    const started = performance.now();
    await expect(directory().domains()).rejects.toBeInstanceOf(ThrottledError);
    expect(performance.now() - started).toBeLessThan(2000);
  });

  it.each([
    ['403', failure(403, 'Authorization_RequestDenied'), TenantAccessError],
    ['404', failure(404, 'Request_ResourceNotFound'), RejectedError],
    ['400', failure(400, 'Request_BadRequest'), RejectedError],
    ['a page that is no JSON', rawAnswer(200, '<html>', { 'content-type': 'text/html' }), UnavailableError],
    ['a domain without a name', values({ isVerified: true }), UnavailableError],
  ] satisfies [string, Play, unknown][])('explains %s', async (_, play, kind) => {
    scripted.server.answer(play);
    if (kind === UnavailableError) scripted.server.answer();
    const error = await errorOf(directory().domains());
    expect(error).toBeInstanceOf(kind);
    expect(error.operation).toContain(CONTOSO);
  });

  it.each([
    ['its token is refused', rawAnswer(401, '{}'), ['Domain.ReadWrite.All'], ['Domain.ReadWrite.All']],
    ['its token lacks the permission', failure(403, 'Authorization_RequestDenied'), [], ['Domain.ReadWrite.All']],
  ] satisfies [string, Play, string[], string[]][])(
    'sends a call again with a new token where %s, and only once',
    async (_, refusal, before, after) => {
      const tokens = [unsignedToken(CONTOSO, before), unsignedToken(CONTOSO, after)];
      const forget = vi.fn(() => tokens.splice(0, tokens.length - 1));
      const credentials = { token: async () => tokens[0] ?? '', forget };
      scripted.server.answer(refusal, jsonAnswer(201, { id: 'x.example' }));
      await directory({ credentials }).addDomain('x.example');
      const [first, second] = scripted.server.received.map(({ headers }) => headers.authorization);
      expect([first, second]).toEqual([before, after].map((roles) => `Bearer ${unsignedToken(CONTOSO, roles)}`));
      expect(forget.mock.calls).toEqual([[CONTOSO]]);
      const always = { token: async () => unsignedToken(CONTOSO, before), forget: () => undefined };
      scripted.server.answer(refusal, refusal);
      expect(await errorOf(directory({ credentials: always }).addDomain('x.example'))).toBeInstanceOf(
        TenantAccessError,
      );
    },
  );

  it('does not send a call again that is refused although its token has the permission', async () => {
    scripted.server.answer(failure(403, 'Authorization_RequestDenied'));
    expect(await errorOf(directory().domains())).toMatchObject({ message: expect.stringContaining('although') });
    expect(scripted.server.received).toHaveLength(1);
  });

  it('does not know what became of a change that was not answered, and sends it once', async () => {
    scripted.server.answer(cutConnection);
    await expect(directory().addDomain('x.example')).rejects.toBeInstanceOf(UnknownOutcomeError);
    scripted.server.answer(failure(503, 'ServiceUnavailable'));
    await expect(directory().addDomain('x.example')).rejects.toBeInstanceOf(UnknownOutcomeError);
    expect(scripted.server.received).toHaveLength(2);
  });

  it('sends nothing with a token of another tenant', async () => {
    const credentials = { token: async () => unsignedToken(FABRIKAM), forget: () => undefined };
    await expect(directory({ credentials }).domains()).rejects.toBeInstanceOf(TenantMismatchError);
    expect(scripted.server.received).toHaveLength(0);
  });

  it('never follows a page or a redirect to another place', async () => {
    scripted.server.answer(jsonAnswer(200, { value: [], '@odata.nextLink': 'https://graph.example/v1.0/domains' }));
    await expect(directory().domains()).rejects.toBeInstanceOf(RefusedError);
    scripted.server.answer(
      ...Array.from({ length: 3 }, () => rawAnswer(302, '', { location: 'https://graph.example/' })),
    );
    await expect(directory().domains()).rejects.toBeInstanceOf(UnavailableError);
  });

  it('passes the reason of the signal on', async () => {
    const abort = new AbortController();
    scripted.server.answer(() => abort.abort(new Error('shutting down')));
    await expect(directory().domains(abort.signal)).rejects.toThrow('shutting down');
  });
});
