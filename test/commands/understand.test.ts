import { describe, expect, it } from 'vitest';
import { understandRequest } from '../../src/commands/understand.ts';
import { workflows } from '../../src/workflows/index.ts';

const understand = (text: string) => understandRequest(text, workflows);

type Values = Record<string, string>;

const setUp = (values: Values) => ({ kind: 'request', workflow: 'set-up-gateway', values });
const lockDown = (values: Values) => ({ kind: 'request', workflow: 'lock-down', values });
const contoso = { domain: 'contoso.com' };
const defender = { ...contoso, gateway: 'exchangedefender' };

const understood: readonly (readonly [string, object])[] = [
  ['set up gateway exchangedefender for contoso.com', setUp(defender)],
  ['Set Up Gateway ExchangeDefender for Contoso.COM', setUp(defender)],
  ['set-up gateway exchangedefender contoso.com', setUp(defender)],
  ['setup gateway exchangedefender contoso.com', setUp(defender)],
  ['please set up the gateway exchangedefender for contoso.com!', setUp(defender)],
  ['for contoso.com set up gateway exchangedefender', setUp(defender)],
  ['connect contoso.com with gateway exchangedefender.', setUp(defender)],
  ['set up gateway “exchangedefender” for (contoso.com)', setUp(defender)],
  ['  set   up\tgateway\nexchangedefender for contoso.com  ', setUp(defender)],
  ['set up gateway exchange defender for contoso.com', setUp({ ...contoso, gateway: 'exchange defender' })],
  ['set up exchangedefender for contoso.com', setUp(defender)],
  ['setup Exchange Defender contoso.com', setUp({ ...contoso, gateway: 'exchange defender' })],
  ['connect contoso.com to exchangedefender', setUp(defender)],
  ['set up gateway for contoso.com', setUp(contoso)],
  ['set up gateway exchangedefender', setUp({ gateway: 'exchangedefender' })],
  ['set up gateway', setUp({})],
  ['lock down contoso.com', lockDown(contoso)],
  ['lock-down contoso.com', lockDown(contoso)],
  ['lockdown contoso.com', lockDown(contoso)],
  ['lock contoso.com down now, please', lockDown(contoso)],
  ['lock contoso.com.', lockDown(contoso)],
  ['lock down contoso.com mailbox ada@contoso.com', lockDown({ ...contoso, mailbox: 'ada@contoso.com' })],
  ['lock down contoso.com mailbox: ada@contoso.com.', lockDown({ ...contoso, mailbox: 'ada@contoso.com' })],
  ['lock down contoso.com to exchangedefender', lockDown(defender)],
  ['lock down contoso.com to gateway exchangedefender', lockDown(defender)],
  ['unlock contoso.com from ExchangeDefender', { kind: 'request', workflow: 'unlock', values: defender }],
  ['unlock contoso.com', { kind: 'request', workflow: 'unlock', values: contoso }],
  ['lift the lock of contoso.com', { kind: 'request', workflow: 'unlock', values: contoso }],
  [
    'set up gateway generic for contoso.com ranges 203.0.113.0/24, 198.51.100.7 mx mx1.gate.example, mx2.gate.example',
    setUp({
      ...contoso,
      gateway: 'generic',
      ranges: '203.0.113.0/24, 198.51.100.7',
      mx: 'mx1.gate.example, mx2.gate.example',
    }),
  ],
  [
    'set up gateway generic mx=mx1.gate.example range 203.0.113.0/24 for contoso.com',
    { kind: 'unclear', given: expect.any(String), suggestions: expect.any(Array) },
  ],
  [
    'set up gateway generic mx: mx1.gate.example range: 203.0.113.0/24 for contoso.com',
    setUp({ ...contoso, gateway: 'generic', ranges: '203.0.113.0/24', mx: 'mx1.gate.example' }),
  ],
  // A country's top-level domain is no option.
  ['lock down contoso.com.mx please', lockDown({ domain: 'contoso.com.mx' })],
  ['lock down contoso.mx', lockDown({ domain: 'contoso.mx' })],
];

const askedBack: readonly (readonly [string, string])[] = [
  ['lok down contoso.com', 'lock down contoso.com'],
  ['unlok contoso.com', 'unlock contoso.com'],
  ['set up gatway exchangedefender for contoso.com', 'set up gateway exchangedefender for contoso.com'],
  ['set up exchangdefender for contoso.com', 'set up exchangedefender for contoso.com'],
  ['set up exchangedefender soon for contoso.com', 'set up exchangedefender for contoso.com'],
  ['set up contoso.com', 'set up <gateway> for contoso.com'],
  ['lock down contoso.com and sales.contoso.com', 'lock down contoso.com'],
  ['do not lock down contoso.com', 'lock down contoso.com'],
  ['don’t lock contoso.com', 'lock contoso.com'],
  ['lock down contoso.com to nowhere', 'lock down contoso.com'],
  ['unlock contoso.com tomorrow', 'unlock contoso.com'],
  ['lock or unlock contoso.com', 'lock contoso.com'],
];

describe('a sentence', () => {
  it.each(understood)('“%s” is understood', (text, expected) => {
    expect(understand(text)).toEqual(expected);
  });

  it.each(askedBack)('“%s” is asked back and does not act', (text, suggestion) => {
    expect(understand(text)).toEqual({ kind: 'unclear', given: text, suggestions: [suggestion] });
  });

  it.each(['', 'what a day', 'contoso.com', 'down with contoso.com', '🔒 contoso.com'])(
    '“%s” asks for nothing',
    (text) => {
      expect(understand(text)).toEqual({ kind: 'nothing' });
    },
  );

  it('is understood in time that grows with its length', () => {
    const started = performance.now();
    for (const text of ['mx '.repeat(300), 'ranges mx '.repeat(100), 'a.'.repeat(500), `lock ${'("'.repeat(400)}`]) {
      understand(text);
    }
    expect(performance.now() - started).toBeLessThan(500);
  });
});
