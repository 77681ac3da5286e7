/** Why consent was not given, for the administrator who sees the page and for the requester who waits for it. */
export interface ConsentRefusal {
  readonly what: string;
  readonly next: string;
}

const again = 'Ask for a new link in Teams and open it';
const notAdministrator: ConsentRefusal = {
  what: 'The account that was signed in is not an administrator who may consent for the organisation.',
  next: `${again} as a Global Administrator, or as a Privileged Role Administrator.`,
};
const declined: ConsentRefusal = {
  what: 'The administrator declined to consent.',
  next: `If that was a mistake: ${again.toLowerCase()}.`,
};
const anotherProof: ConsentRefusal = {
  what: 'Microsoft wanted another proof of the person who signed in, such as a second factor.',
  next: `${again}, and go through every step of the sign-in.`,
};
const operatorMustCorrect = 'The operator of Switchyard must correct its registration; a new link alone will not help.';

/** Entra's numbers. Its texts change and are never compared, nor shown. */
const refusals = new Map<number, ConsentRefusal>([
  [65004, declined],
  [90093, notAdministrator],
  [90094, notAdministrator],
  [65001, { what: 'Nobody has consented for the organisation yet.', next: `${again} as an administrator.` }],
  [700016, { what: 'The application is not known in that organisation, or it was removed there.', next: `${again}.` }],
  [
    7000229,
    { what: 'The application has no service principal in that organisation.', next: `${again} as an administrator.` },
  ],
  [
    500011,
    {
      what: 'Exchange Online does not exist in that organisation.',
      next: 'License Exchange Online there first, then ask for a new link.',
    },
  ],
  [
    650051,
    {
      what: 'Microsoft was still creating the application in the organisation.',
      next: `Wait for half a minute. ${again}.`,
    },
  ],
  [
    650052,
    {
      what: 'The organisation has no licence for a service that the application needs.',
      next: 'Add the licence for Exchange Online, then ask for a new link.',
    },
  ],
  [
    650056,
    { what: 'The registration of the application asks for permissions that do not fit.', next: operatorMustCorrect },
  ],
  [
    50020,
    {
      what: 'The account that was signed in is a guest in that organisation.',
      next: `${again} with an account of the organisation itself.`,
    },
  ],
  [50011, { what: 'The address that Microsoft was to return to is not registered.', next: operatorMustCorrect }],
  [50076, anotherProof],
  [50079, anotherProof],
  [
    53003,
    {
      what: 'A conditional access policy of the organisation blocked the sign-in.',
      next: `Meet the policy or exempt the application. ${again}.`,
    },
  ],
  [
    90002,
    { what: 'There is no such organisation.', next: 'The operator of Switchyard must correct the id of the tenant.' },
  ],
  [7000215, { what: 'The secret of the application is wrong.', next: operatorMustCorrect }],
  [700027, { what: 'The certificate of the application is not accepted (yet).', next: operatorMustCorrect }],
  [900561, { what: 'The link did not name an organisation.', next: operatorMustCorrect }],
  [70011, { what: 'The link asked for something that does not exist.', next: operatorMustCorrect }],
]);

/** By Entra's kind of error, where the number is missing or new. */
const kinds = new Map<string, ConsentRefusal>([
  ['access_denied', declined],
  ['consent_required', declined],
  ['interaction_required', anotherProof],
  ['login_required', anotherProof],
  ['invalid_client', { what: 'Microsoft does not accept the application.', next: operatorMustCorrect }],
  ['unauthorized_client', { what: 'Microsoft does not accept the application.', next: operatorMustCorrect }],
  ['invalid_request', { what: 'Microsoft does not understand the link.', next: operatorMustCorrect }],
  ['server_error', { what: 'Microsoft could not answer.', next: `Wait for some minutes. ${again}.` }],
  ['temporarily_unavailable', { what: 'Microsoft could not answer.', next: `Wait for some minutes. ${again}.` }],
]);

/** What an answer that carries an error means. */
export function consentRefusal(query: URLSearchParams): ConsentRefusal {
  if (query.get('error_subcode') === 'cancel') return declined;
  const number = Number(/AADSTS(\d{4,8})/u.exec(query.get('error_description') ?? '')?.[1] ?? 0);
  const known = refusals.get(number) ?? kinds.get(query.get('error') ?? '');
  const what = `Microsoft did not accept the consent${number === 0 ? '' : ` (AADSTS${number})`}.`;
  return known ?? { what, next: `${again}; if it happens again, an operator looks the number up.` };
}
