import type { ErrorReport } from './answer.ts';

interface Advice {
  /** The end of the exception's name. It is the same in every language, unlike the text. */
  readonly type: RegExp;
  /** For reports that name another exception, or none. */
  readonly text: RegExp;
  readonly next: string;
}

const usual = 'Correct the values and ask again; trying the same again will not help.';

/** Refusals that no other value would avoid, and who can lift them. */
const known: readonly Advice[] = [
  {
    type: /OrganizationInboundConnectorProhibitedException$/u,
    text: /service offering.*inbound connector|inbound connectors? .*(?:developer|trial)|(?:developer|trial) .*inbound connector/iu,
    next:
      'Microsoft restricts inbound connectors in this tenant: in many those for own servers (OnPremises), in developer ' +
      'and trial tenants all of them. An administrator of that tenant asks Microsoft support to lift it, and removes ' +
      'the connector of that name if one is left behind, switched off; then ask again. A connector of type Partner may ' +
      'still be allowed.',
  },
  {
    type: /InvalidOperationInDehydratedContextException$/u,
    text: /Enable-OrganizationCustomization/iu,
    next:
      'This tenant was never customised, which Exchange wants once before policies are written. An administrator of ' +
      'that tenant runs Enable-OrganizationCustomization, waits an hour and asks again.',
  },
  {
    type: /(?:ManagementObject|ADObject)AlreadyExistsException$/u,
    text: /\bname\b.*already (?:exists|in use)|already (?:exists|in use).*\bname\b/iu,
    next: 'An administrator of that tenant renames or removes the object of that name; then ask again.',
  },
];

/** What can be done about a refusal, and by whom. */
export function refusalAdvice({ type, message }: ErrorReport): string {
  return known.find((one) => one.type.test(type) || one.text.test(message))?.next ?? usual;
}
