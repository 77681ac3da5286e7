import type { Variables } from './variables.ts';

/** The registration that people sign in to when a click alone proves too little. It has no other rights. */
export interface SignInConfig {
  readonly appId: string;
  /** Id of a Conditional Access authentication context, such as `c1`; null asks for a fresh sign-in only. */
  readonly authenticationContext: string | null;
}

const homeDirectories = ['none', 'graph'] as const;

/** Whether people and groups of the home tenant are read, and with what. */
export type HomeDirectory = (typeof homeDirectories)[number];

/** Null when nobody can prove a fresh sign-in here. */
export function readSignIn(variables: Variables): SignInConfig | null {
  const authenticationContext = variables.optional('SIGN_IN_AUTH_CONTEXT');
  if (authenticationContext !== null && !/^c[1-9]\d?$/u.test(authenticationContext)) {
    variables.fault('SIGN_IN_AUTH_CONTEXT', `must be the id of an authentication context, c1 to c99.`);
  }
  const isSet = variables.text('SIGN_IN_APP_ID') !== '';
  if (isSet) return { appId: variables.guid('SIGN_IN_APP_ID'), authenticationContext };
  if (variables.text('SIGN_IN_APP_SECRET') !== '') variables.fault('SIGN_IN_APP_ID', 'is missing beside its secret.');
  return null;
}

/** Empty when nobody signs in here. */
export function readSignInSecret(variables: Variables): string {
  return variables.text('SIGN_IN_APP_ID') === '' ? '' : variables.secret('SIGN_IN_APP_SECRET');
}

/** The registration must then be one that other tenants may sign in to. */
export function readConsentSignIn(variables: Variables): boolean {
  const isWanted = variables.flag('CONSENT_SIGN_IN');
  if (isWanted && variables.text('SIGN_IN_APP_ID') === '') variables.fault('CONSENT_SIGN_IN', 'needs SIGN_IN_APP_ID.');
  return isWanted;
}

export function readHomeDirectory(variables: Variables): HomeDirectory {
  return variables.choice('HOME_DIRECTORY', homeDirectories);
}

/** The three registrations are apart, so that none of them can do what another may. */
export function forbidSharedSignIn(
  variables: Variables,
  { signIn, bot, worker }: { signIn: SignInConfig | null; bot: { appId: string }; worker: { appId: string } },
): void {
  if (signIn === null) return;
  for (const [name, { appId }] of [
    ['BOT_APP_ID', bot],
    ['WORKER_APP_ID', worker],
  ] as const) {
    if (appId === signIn.appId) variables.fault('SIGN_IN_APP_ID', `must not be the same registration as ${name}.`);
  }
}
