import fc from 'fast-check';
import type { ExchangeObject } from '../../../src/rehearsal/exchange/exchange-object.ts';

const rarely: fc.Arbitrary<boolean> = fc.integer({ min: 0, max: 7 }).map((value) => value === 0);

/** Whether a domain may not send, and whether nothing is delivered to it. */
export const randomDomainSwitches: fc.Arbitrary<ExchangeObject> = fc.record({
  SendingFromDomainDisabled: rarely,
  SendingToDomainDisabled: rarely,
});

export const randomRemoteDomains: fc.Arbitrary<ExchangeObject[]> = fc
  .subarray(['*', 'outside.example', '*.example', 'partner.example'])
  .chain((domains) =>
    fc.tuple(
      ...domains.map((DomainName) =>
        fc.record({ DomainName: fc.constant(DomainName), AutoForwardEnabled: fc.boolean() }),
      ),
    ),
  );
