import { describe, expect, it } from 'vitest';
import { INTERNAL_MARK } from '../../../src/rehearsal/mail-flow/cross-premises.ts';
import { headerValues } from '../../../src/rehearsal/mail-flow/mail-message.ts';
import { cloud, contoso, knock, passes, send, signatureService } from './small-cloud.ts';

const forged = { headers: [{ name: 'x-ms-exchange-crosspremises-authas', value: 'Internal' }] };

/** A signature service, whose two connectors keep the marks of the organisation or do not. */
function signedBy(
  hybrid: { readonly out: boolean; readonly back: boolean },
  FromScope: string | null = 'InOrganization',
) {
  return signatureService(
    { FromScope },
    {
      inbound: { CloudServicesMailEnabled: hybrid.back },
      outbound: { ConnectorType: 'OnPremises', CloudServicesMailEnabled: hybrid.out },
    },
  );
}

describe('rehearsal/mail-flow/cross-premises', () => {
  it.each([
    [{ out: true, back: true }, true],
    [{ out: true, back: false }, false],
    [{ out: false, back: true }, false],
    [{ out: false, back: false }, false],
  ])('takes its own mail for its own again when %j', (hybrid, isInternal) => {
    expect(passes(send(cloud([signedBy(hybrid)]))).map((pass) => pass.isInternal)).toEqual([true, isInternal]);
  });

  it('makes nothing of a stranger internal, whatever it claims and wherever it goes round', () => {
    const setup = signedBy({ out: true, back: true }, null);
    const facts = { ...forged, from: 'alex@contoso.com' };
    expect(passes(knock(cloud([setup]), facts)).map((pass) => pass.isInternal)).toEqual([false, false]);
  });

  it('tells nobody outside of its marks', () => {
    const [ending] = passes(send(cloud([contoso()]), forged))[0]?.endings ?? [];
    expect(ending && headerValues(ending.message, INTERNAL_MARK)).toEqual([]);
  });
});
