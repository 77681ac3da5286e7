import type { ConsentDesk } from '../adapters/identity/admin-consent.ts';
import { createEntraSignIn } from '../adapters/identity/sign-in/entra-sign-in.ts';
import { createSignInDesk, type SignInDesk } from '../adapters/identity/sign-in/sign-in-desk.ts';
import type { Gate } from '../core/gate.ts';
import type { RoleSource } from '../core/policy/role-source.ts';
import { administratorAnswers } from './administrator-answers.ts';
import type { AppOptions } from './app-options.ts';
import { decisionAnswers } from './decision-answers.ts';
import type { Stores } from './stores.ts';

/** What there is only after the desk has been made. */
interface Later {
  readonly port: number;
  readonly consent: Pick<ConsentDesk, 'goOn'>;
}

/** Fresh sign-ins, or null where no registration for them is configured. */
export function signInDesk(
  { config, secrets, clock, log }: AppOptions,
  stores: Stores,
  { gate, roles }: { readonly gate: Gate; readonly roles: RoleSource },
  later: () => Later,
): SignInDesk | null {
  const { mode, publicUrl, entra, signIn } = config;
  if (signIn === null) return null;
  const isRehearsal = mode === 'rehearsal';
  const { appId, authenticationContext } = signIn;
  const { authority, consentUrl: browserUrl } = entra;
  const secret = secrets.signInAppSecret;
  return createSignInDesk({
    entra: createEntraSignIn({ authority, browserUrl, appId, secret }),
    store: stores.signIns,
    publicUrl: () => publicUrl ?? (isRehearsal ? `http://127.0.0.1:${later().port}` : null),
    isRehearsal,
    authenticationContext,
    answers: {
      decision: decisionAnswers({ store: stores.requests, gate, roles, clock, isRehearsal }),
      administrator: administratorAnswers(() => later().consent),
    },
    log,
  });
}
