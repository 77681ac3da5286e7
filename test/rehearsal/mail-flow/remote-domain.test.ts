import { expect, it } from 'vitest';
import { mayAnswer } from '../../../src/rehearsal/mail-flow/remote-domain.ts';
import { contoso } from './small-cloud.ts';

const remoteDomains = [
  { DomainName: '*', AllowedOOFType: 'None' },
  { DomainName: '*.example', AllowedOOFType: 'External' },
  { DomainName: 'partner.example', AllowedOOFType: 'None' },
  { DomainName: 'sub.partner.example', AllowedOOFType: 'InternalLegacy' },
];

it.each([
  ['somebody elsewhere', 'a@else.test', false],
  ['a wider entry', 'a@outside.example', true],
  ['the closest entry', 'a@partner.example', false],
  ['a sub-domain of its own entry', 'a@sub.partner.example', true],
  ['its own people', 'info@contoso.com', true],
])('rehearsal/mail-flow/remote-domain answers by %s (%s): %s', (_, address, expected) => {
  expect(mayAnswer(contoso({ remoteDomains }), address)).toBe(expected);
});

it('rehearsal/mail-flow/remote-domain answers everybody without entries', () => {
  expect(mayAnswer(contoso(), 'a@else.test')).toBe(true);
});
