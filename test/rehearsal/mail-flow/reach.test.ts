import { beforeAll, describe, expect, it } from 'vitest';
import type { CmdletContext } from '../../../src/rehearsal/exchange/cmdlet.ts';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';
import { validateOutboundConnector } from '../../../src/rehearsal/exchange/validate-outbound-connector.ts';
import { handOver } from '../../../src/rehearsal/mail-flow/hand-over.ts';
import { worldNetwork } from '../../../src/rehearsal/mail-flow/world-network.ts';
import { type SmtpBehaviour, smtpBehaviours } from '../../../src/rehearsal/smtp/smtp-behaviour.ts';
import { type SmallWorld, smallWorld } from '../small-world.ts';
import { cloud, contoso, ends, message, routed, send } from './small-cloud.ts';

const right = '*.exchangedefender.com';
const demands: readonly ExchangeObject[] = [
  { TlsSettings: null },
  { TlsSettings: 'EncryptionOnly' },
  { TlsSettings: 'CertificateValidation' },
  { TlsSettings: 'DomainValidation', TlsDomain: right },
  { TlsSettings: 'DomainValidation', TlsDomain: '*.other.example' },
];
const cases = smtpBehaviours.flatMap((behaviour) => demands.map((demand) => ({ behaviour, demand })));

let small: SmallWorld;
beforeAll(async () => {
  small = await smallWorld();
});

/** What validation and delivery make of one smart host. */
function judged(behaviour: SmtpBehaviour, demand: ExchangeObject, host = 'outbound.exchangedefender.com') {
  const { world, contoso: tenant } = small;
  world.smtp.behaviours.set('127.0.0.12', behaviour);
  const connector = routed('Out', host, demand);
  const context = { world, tenant } as unknown as CmdletContext;
  const [row] = validateOutboundConnector(context, connector, ['a@elsewhere.example']);
  const next = handOver(worldNetwork(world), contoso(), {
    kind: 'sent',
    message: message({ to: 'a@void.example' }),
    connector,
    requiresTls: false,
  });
  const isWaiting = next.to === 'end' && next.outcome.kind === 'deferred';
  return { row, wait: isWaiting ? next.outcome.detail : null };
}

describe('rehearsal/mail-flow/reach, for Validate-OutboundConnector and for mail', () => {
  it.each(cases)('is one judgement of a host that is $behaviour, asked for $demand', ({ behaviour, demand }) => {
    const { row, wait } = judged(behaviour, demand);
    expect(row?.['IsTaskSuccessful']).toBe(wait === null);
    if (wait !== null) expect(row?.['TaskDetail']).toBe(wait);
  });

  it.each<[SmtpBehaviour, string]>([
    ['normal', 'yes yes yes yes no'],
    ['no-starttls', 'yes no no no no'],
    ['self-signed', 'yes yes no no no'],
    ['wrong-certificate', 'yes yes yes no no'],
    ['silent', 'no no no no no'],
    ['refuse', 'no no no no no'],
    ['tarpit', 'no no no no no'],
    ['busy', 'no no no no no'],
  ])('takes a host that is %s at no TLS, any, trusted, named and otherwise named: %s', (behaviour, expected) => {
    const answers = demands.map((demand) => (judged(behaviour, demand).wait === null ? 'yes' : 'no'));
    expect(answers.join(' ')).toBe(expected);
  });

  it('waits for a name that has no address, and finds a host by its public address', () => {
    expect(judged('normal', {}, 'nowhere.test').wait).toMatch(/^450 4\.4\.312 /u);
    expect(judged('normal', {}, '65.99.255.10').wait).toBeNull();
    expect(judged('refuse', {}, '65.99.255.10').wait).toMatch(/^450 4\.4\.316 /u);
  });

  it('sends to the next smart host when the certificate of the first will not do', () => {
    const hosts = ['a.gateway.example', 'b.elsewhere.example'];
    const connector = routed('Out', '', {
      IsTransportRuleScoped: false,
      RecipientDomains: ['*'],
      SmartHosts: hosts,
      TlsSettings: 'DomainValidation',
      TlsDomain: '*.elsewhere.example',
    });
    const journey = send(cloud([contoso({ outboundConnectors: [connector] })]));
    expect(journey.outcomes[0]?.detail).toBe('b.elsewhere.example');
    const selfSigned = cloud([contoso({ outboundConnectors: [connector] })], { selfSigned: ['b.elsewhere.example'] });
    expect(ends(send(selfSigned))).toEqual(['deferred 450 4.4.317']);
  });
});
