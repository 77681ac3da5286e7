/** Why a sign-in does not count, in words for the person in front of the page. */
export class SignInFailure extends Error {
  override readonly name = 'SignInFailure';
  /** Stable, for the audit trail. */
  readonly code: string;
  readonly next: string;

  constructor(code: string, message: string, next: string) {
    super(message);
    this.code = code;
    this.next = next;
  }
}

const again = 'Open the link again, or click the button on the card for a new one.';
const operator = 'An operator corrects the sign-in registration; a new link alone does not help.';

/** Entra's numbers. Its texts change and are never compared, nor shown. */
const reasons = new Map<number, readonly [what: string, next: string]>([
  [65004, ['You cancelled the sign-in.', again]],
  [50105, ['Your account is not allowed to use the sign-in of Switchyard.', operator]],
  [53003, ['A conditional access policy blocked the sign-in.', 'Meet the policy, or ask who looks after it.']],
  [50005, ['A conditional access policy blocked the sign-in.', 'Meet the policy, or ask who looks after it.']],
  [50076, ['The second factor was not given.', again]],
  [50057, ['Your account is disabled.', 'Ask an administrator of your organisation.']],
  [50058, ['You were not signed in.', again]],
  [50011, ['The address that Microsoft was to return to is not registered.', operator]],
  [700016, ['Microsoft does not know the sign-in registration.', operator]],
  [7000215, ['The secret of the sign-in registration is wrong.', operator]],
  [7000222, ['The secret of the sign-in registration has expired.', operator]],
  [50146, ['The sign-in registration is not complete.', operator]],
  [54005, ['This sign-in was used already.', again]],
  [70008, ['The sign-in took too long.', again]],
]);

/** What an error of Entra means. */
export function failureOf(error: string, description: string): SignInFailure {
  const number = Number(/AADSTS(\d{4,8})/u.exec(description)?.[1] ?? 0);
  const known = reasons.get(number) ?? (error === 'access_denied' ? reasons.get(65004) : undefined);
  const [what, next] = known ?? [`Microsoft refused the sign-in${number === 0 ? '' : ` (AADSTS${number})`}.`, again];
  return new SignInFailure(number === 0 ? 'refused-by-entra' : `AADSTS${number}`, what, next);
}
