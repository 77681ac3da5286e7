import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, type RunningRehearsal, runningRehearsal } from './running-rehearsal.ts';

let rehearsal: RunningRehearsal;

beforeAll(async () => {
  rehearsal = await runningRehearsal();
});

afterAll(() => rehearsal.stop());

beforeEach(async () => {
  await rehearsal.control('POST', '/control/reset', { seed: 'default' });
});

async function run(cmdlet: string, parameters: object = {}): Promise<Answer> {
  return rehearsal.control('POST', '/control/exchange', { tenant: 'contoso', cmdlet, parameters });
}

async function order(): Promise<[string, number][]> {
  const { body } = await run('Get-TransportRule');
  return body.value.map(({ Name, Priority }: { Name: string; Priority: number }) => [Name, Priority]);
}

const TRUST = {
  Name: 'trust',
  SenderIpRanges: ['65.99.255.0/24', '198.51.0.0/21', '203.0.113.1-203.0.113.4'],
  SetSCL: -1,
};

describe('rehearsal/exchange: transport rules', () => {
  it('returns every parameter as a property, the level as text, and what it worked out itself', async () => {
    const { body } = await run('New-TransportRule', {
      ...TRUST,
      HeaderMatchesMessageHeader: 'X-Verdict',
      HeaderMatchesPatterns: '^clean$',
      ExceptIfMessageTypeMatches: 'Voice',
    });
    const [rule] = body.value;
    expect(rule).toMatchObject({
      State: 'Enabled',
      Mode: 'Enforce',
      Priority: 0,
      SetSCL: '-1',
      HeaderMatchesPatterns: ['^clean$'],
      ExceptIfMessageTypeMatches: 'Voicemail',
      RouteMessageOutboundConnector: null,
      DeleteMessage: false,
      SubjectContainsWords: null,
    });
    const namespace = 'Microsoft.Exchange.MessagingPolicies.Rules.Tasks';
    expect(rule.Conditions).toEqual([`${namespace}.HeaderMatchesPredicate`, `${namespace}.SenderIpRangesPredicate`]);
    expect(rule.Exceptions).toEqual([`${namespace}.MessageTypeMatchesPredicate`]);
    expect(rule.Actions).toEqual([`${namespace}.SetSCLAction`]);
    expect(rule.Description).toContain('Take the following actions:');
    expect(Object.keys(rule).length).toBeGreaterThan(170);
  });

  it.each([
    ['no action', { SetSCL: null }, "'Actions'"],
    ['a name of 65 characters', { Name: 'x'.repeat(65) }, '64'],
    ['comments of 1025 characters', { Comments: 'x'.repeat(1025) }, '1024'],
    ['a header without its words', { HeaderContainsMessageHeader: 'X-A' }, 'together'],
    ['patterns without their header in an exception', { ExceptIfHeaderMatchesPatterns: ['a'] }, 'together'],
    ['a header name to set without its value', { SetHeaderName: 'X-A' }, 'together'],
    ['a word with a space at its end', { SubjectContainsWords: ['invoice '] }, 'space'],
    ['a spam level of 10', { SetSCL: 10 }, 'SetSCL'],
    ['a rejection code out of range', { RejectMessageEnhancedStatusCode: '5.7.2' }, '5.7.900'],
    ['a range that is none', { SenderIpRanges: ['gateway'] }, 'IPv4'],
    ['more than 8 KB', { SubjectContainsWords: ['x'.repeat(8192)] }, '8 KB'],
    ['a connector that does not exist', { RouteMessageOutboundConnector: 'none' }, "doesn't exist"],
    ['a state', { State: 'Disabled' }, 'State'],
    ['a priority beyond the end', { Priority: 1 }, 'between 0 and 0'],
  ])('refuses %s', async (_case, wrong, text) => {
    const { status, body } = await run('New-TransportRule', { ...TRUST, ...wrong });
    expect([status, body.error]).toEqual([400, expect.stringContaining(text)]);
    expect(await order()).toEqual([]);
  });

  it.each([
    ['disabled', { Enabled: false, IsTransportRuleScoped: true }],
    ['not scoped to rules', { RecipientDomains: '*' }],
  ])('refuses to route to a connector that is %s', async (_case, settings) => {
    await run('New-OutboundConnector', { Name: 'out', UseMXRecord: true, ...settings });
    const { status } = await run('New-TransportRule', { Name: 'route', RouteMessageOutboundConnector: 'out' });
    expect(status).toBe(400);
  });

  it('keeps priorities without gaps while rules come in between, move and go', async () => {
    for (const Name of ['a', 'b', 'c']) await run('New-TransportRule', { ...TRUST, Name });
    await run('New-TransportRule', { ...TRUST, Name: 'first', Priority: 0 });
    expect(await order()).toEqual([
      ['first', 0],
      ['a', 1],
      ['b', 2],
      ['c', 3],
    ]);
    await run('Set-TransportRule', { Identity: 'first', Priority: 3 });
    expect(await order()).toEqual([
      ['a', 0],
      ['b', 1],
      ['c', 2],
      ['first', 3],
    ]);
    await run('Remove-TransportRule', { Identity: 'b' });
    expect(await order()).toEqual([
      ['a', 0],
      ['c', 1],
      ['first', 2],
    ]);
    const { status, body } = await run('Set-TransportRule', { Identity: 'a', Priority: 3 });
    expect([status, body.error]).toEqual([400, expect.stringContaining('between 0 and 2')]);
  });

  it('is switched by Enable and Disable, and begins as New says', async () => {
    await run('New-TransportRule', { ...TRUST, Enabled: false });
    const states: string[] = [];
    const note = async (): Promise<void> => {
      states.push((await run('Get-TransportRule', { Identity: 'trust' })).body.value[0].State);
    };
    await note();
    await run('Enable-TransportRule', { Identity: 'trust' });
    await note();
    await run('Disable-TransportRule', { Identity: 'trust' });
    await note();
    expect(states).toEqual(['Disabled', 'Enabled', 'Disabled']);
  });

  it('gives a rejection with a text the code 5.7.1', async () => {
    const { body } = await run('New-TransportRule', { Name: 'reject', RejectMessageReasonText: 'no' });
    expect(body.value[0].RejectMessageEnhancedStatusCode).toBe('5.7.1');
  });

  it('takes three hundred rules and no more', async () => {
    const { tenants, clock } = rehearsal.world;
    const [contoso] = tenants.values();
    for (let index = 0; index < 300; index += 1) {
      const value = { Name: `rule ${index}`, Guid: `guid-${index}`, Priority: index };
      contoso?.stores.transportRules.put(value.Guid, value, clock.now(), { visible: 0, effective: 0 });
    }
    expect((await run('New-TransportRule', TRUST)).status).toBe(400);
  });

  it('acts on mail thirty virtual minutes after the write', async () => {
    await run('New-TransportRule', TRUST);
    await rehearsal.control('POST', '/control/clock', { advance: '29m' });
    const before = await rehearsal.control('GET', '/control/tenants/contoso');
    await rehearsal.control('POST', '/control/clock', { advance: '2m' });
    const after = await rehearsal.control('GET', '/control/tenants/contoso');
    expect([before.body.transportRules[0].isEffective, after.body.transportRules[0].isEffective]).toEqual([
      false,
      true,
    ]);
  });
});
