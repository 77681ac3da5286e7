import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { protectionAlertCmdlets } from '../../../src/rehearsal/compliance/protection-alert.ts';
import { cmdletNames, findCmdlet } from '../../../src/rehearsal/exchange/cmdlet-table.ts';
import { PARTNER, textOf, typeOf, wire } from './wire.ts';

const cloud = wire();
const TAG = { '@odata.type': '#Exchange.GenericHashTable' };

describe('fidelity point 7: the parameter binder', () => {
  it('takes names and enum values in any case, values by a unique beginning, one value for a list', async () => {
    const { body } = await cloud.run('NEW-inboundconnector', {
      nAME: 'gate',
      CONNECTORTYPE: 'onp',
      senderDomains: '*',
      SenderIpAddresses: '65.99.255.7',
    });
    expect(body.value[0]).toMatchObject({ ConnectorType: 'OnPremises', SenderIPAddresses: ['65.99.255.7'] });
  });

  it.each([
    ['an unknown name', 'New-InboundConnector', { Nmae: 'x' }, 'AmbiguousParameterSetException', "'Nmae'"],
    ['a name of another cmdlet', 'Set-TransportRule', { Enabled: true }, 'AmbiguousParameterSetException', "'Enabled'"],
    ['a state', 'New-TransportRule', { State: 'Disabled' }, 'AmbiguousParameterSetException', "'State'"],
    [
      'an enum value that is none',
      'Set-OutboundConnector',
      { SmtpDaneMode: 'x' },
      'ParameterTransformationException',
      'Opportunistic, Mandatory, None',
    ],
    [
      'an ambiguous beginning',
      'New-TransportRule',
      { MessageTypeMatches: 'A' },
      'ParameterTransformationException',
      'AutoForward',
    ],
    [
      'an untagged object',
      'New-InboundConnector',
      { SenderIPAddresses: { Add: ['1.1.1.1'] } },
      'ParameterTransformationException',
      'JObject',
    ],
    [
      'a tagged object with other keys',
      'New-InboundConnector',
      { SenderIPAddresses: { ...TAG, Put: [] } },
      'ParameterTransformationException',
      'put',
    ],
    [
      'an object for a text',
      'New-InboundConnector',
      { Comment: TAG },
      'ParameterTransformationException',
      'single value',
    ],
    [
      'a number with letters',
      'New-TransportRule',
      { Priority: '1st' },
      'ParameterTransformationException',
      'System.Int32',
    ],
    [
      'a date that is none',
      'New-TransportRule',
      { ExpiryDate: 'soon' },
      'ParameterTransformationException',
      'DateTime',
    ],
    [
      'a list for one enum value',
      'New-InboundConnector',
      { ConnectorType: ['Partner', 'OnPremises'] },
      'ParameterTransformationException',
      'single value',
    ],
    [
      'a member that is none in a list of enum values',
      'New-TransportRule',
      { IncidentReportContent: ['Sender', 'Mood'] },
      'ParameterTransformationException',
      'Sender, Recipients',
    ],
    [
      'a status that is none',
      'Get-MessageTraceV2',
      { Status: ['Delivered', 'Eaten'] },
      'ParameterTransformationException',
      'FilteredAsSpam',
    ],
    [
      'a parameter that comes twice',
      'New-TransportRule',
      { Comments: 'one', comments: 'two' },
      'ParameterBindingException',
      'more than once',
    ],
    [
      'an attribute that is none',
      'New-TransportRule',
      { ADComparisonAttribute: 'ShoeSize' },
      'ParameterTransformationException',
      'ZipCode',
    ],
  ])('refuses %s and names it', async (_case, cmdlet, wrong, type, text) => {
    const usuals: Record<string, object> = {
      'New-TransportRule': { Name: 'rule', SetSCL: -1 },
      'New-InboundConnector': PARTNER,
      'Get-MessageTraceV2': {},
    };
    const usual = usuals[cmdlet] ?? { Identity: 'x' };
    const answer = await cloud.run(cmdlet, { ...usual, ...wrong });
    expect([answer.status, typeOf(answer).split('.').at(-1)]).toEqual([400, type]);
    expect(textOf(answer)).toContain(text);
  });

  it('refuses a call that lacks what is mandatory, or gives null for it', async () => {
    const absent = await cloud.run('New-InboundConnector', { Name: 'gate' });
    const nothing = await cloud.run('New-InboundConnector', { ...PARTNER, Name: null });
    expect([absent.status, nothing.status]).toEqual([400, 400]);
    expect(textOf(absent)).toContain('SenderDomains');
    expect(textOf(nothing)).toContain('Name');
  });

  it('merges Add and Remove into a list, empties it by an empty table, and clears by null', async () => {
    await cloud.run('New-InboundConnector', { ...PARTNER, Comment: 'mine', TlsSenderCertificateName: 'a.example' });
    const read = async () => (await cloud.run('Get-InboundConnector', { Identity: 'gate' })).body.value[0];
    await cloud.run('Set-InboundConnector', {
      Identity: 'gate',
      SenderIPAddresses: { ...TAG, add: '203.0.113.9', remove: ['65.99.255.0/24'] },
      Comment: null,
      TlsSenderCertificateName: null,
    });
    const merged = await read();
    await cloud.run('Set-InboundConnector', { Identity: 'gate', SenderIPAddresses: TAG });
    expect(merged).toMatchObject({
      SenderIPAddresses: ['203.0.113.9'],
      Comment: null,
      TlsSenderCertificateName: null,
    });
    expect((await read()).SenderIPAddresses).toEqual([]);
  });

  it('returns all objects for a Get whose Identity is null', async () => {
    const { body } = await cloud.run('Get-AcceptedDomain', { Identity: null });
    expect(body.value).toHaveLength(3);
  });

  it('knows the documented parameters of every cmdlet it runs, and no other', async () => {
    const fixture = new URL('../../fixtures/exchange-parameters.json', import.meta.url);
    const documented: Record<string, string[]> = JSON.parse(await readFile(fixture, 'utf8'));
    const cmdlets = [...cmdletNames.map(findCmdlet), ...protectionAlertCmdlets];
    const known = cmdlets.map((cmdlet) => [cmdlet?.name, Object.keys(cmdlet?.parameters ?? {}).toSorted()]);
    expect(Object.fromEntries(known)).toEqual(documented);
  });
});
