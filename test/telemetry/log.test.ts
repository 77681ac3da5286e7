import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { RejectedError } from '../../src/core/errors.ts';
import { captureConsole } from '../../src/telemetry/capture-console.ts';
import { createLogger } from '../../src/telemetry/log.ts';
import { createScrubber } from '../../src/telemetry/scrub.ts';

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJ0aWQiOiJjYW5hcnkifQ.Q0FOQVJZLXNpZ25hdHVyZS1ub3QtZm9yLWxvZ3M';
const opaque = 'CANARYqL9vB2xN8mK4tR7wZ1yH5jD3fG6sA0pQ9eU2iO8cV';
const literal = 'canary~known~secret';

function recorder(secrets: readonly string[] = []) {
  const lines: string[] = [];
  const log = createLogger({ level: 'trace', secrets, sink: { write: (line) => lines.push(line) } });
  return { lines, log };
}

describe('telemetry/log', () => {
  it('lets no canary secret through, wherever it stands', () => {
    const { lines, log } = recorder([literal]);
    const nested = { a: { b: { c: { authorization: `Bearer ${opaque}` } } } };
    log.info({ headers: { Authorization: `Bearer ${jwt}` } }, `token ${jwt}`);
    log.info(nested, 'client_secret=CANARY-short&x=1');
    log.warn({ body: JSON.stringify({ client_secret: 'CANARY-short', access_token: 'CANARY2' }) }, literal);
    log.error({ err: new Error(`POST failed with ${opaque}`, { cause: new Error(`client_assertion=${jwt}`) }) });
    log.error({ err: new RejectedError('no', { operation: `x ${literal}`, next: '', cause: new Error(opaque) }) });
    log.info({ url: 'postgres://bot:CANARY-pw@db/x', redirect: 'https://h/cb?state=1&code=CANARY.code' });
    log.info({ [`key ${literal}`]: ['list', literal, { password: 'CANARY-pw' }] });
    log.info('-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----');
    const text = lines.join('');
    expect(lines).toHaveLength(8);
    expect(text).not.toMatch(/canary/iu);
    expect(text).not.toContain('eyJ');
    for (const line of lines) expect(() => JSON.parse(line) as unknown).not.toThrow();
  });

  it('keeps digests, ids and paths readable', () => {
    const { lines, log } = recorder();
    const digest = 'f'.repeat(32) + '0123456789abcdef'.repeat(2);
    const path = '/srv/switchyard/src/adapters/exchange-online/exchange-online-client';
    log.info({ digest, tenant: 'c0000000-0000-4000-8000-000000000001', path }, 'New-InboundConnector');
    expect(lines[0]).toContain(digest);
    expect(lines[0]).toContain('c0000000-0000-4000-8000-000000000001');
    expect(lines[0]).toContain(path);
  });

  it('stays one valid JSON line for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const { lines, log } = recorder(['known-secret']);
        log.info({ text }, text);
        const [line = ''] = lines;
        JSON.parse(line);
        return line.indexOf('\n') === line.length - 1;
      }),
    );
  });

  it('scrubs a long hostile line in linear time', () => {
    const scrub = createScrubber([opaque]);
    const started = performance.now();
    scrub('client_secret='.repeat(20_000) + 'eyJ'.repeat(50_000) + 'a-'.repeat(100_000));
    expect(performance.now() - started).toBeLessThan(1000);
  });

  it('takes over the console and drops a flood', () => {
    const { lines, log } = recorder();
    const stop = captureConsole(log);
    for (let index = 0; index < 1000; index += 1) console.error('bad token %s', jwt);
    stop();
    expect(lines.length).toBeLessThanOrEqual(20);
    expect(lines.join('')).not.toContain('eyJ');
  });
});
