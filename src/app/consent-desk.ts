import { type ConsentDesk, createConsentDesk } from '../adapters/identity/admin-consent.ts';
import type { SignIns } from '../ports/sign-in.ts';
import type { AppOptions } from './app-options.ts';
import type { Outside } from './outside.ts';
import type { Stores } from './stores.ts';

/** In rehearsal the administrator's browser is on this machine. */
export function consentDesk(
  { config, clock, log }: AppOptions,
  { credentials }: Outside,
  { consents: store }: Stores,
  port: () => number,
  signIns: SignIns | null,
): ConsentDesk {
  const { mode, publicUrl, entra, worker, exchange } = config;
  return createConsentDesk({
    authority: entra.consentUrl,
    appId: worker.appId,
    isRehearsal: mode === 'rehearsal',
    publicUrl: () => publicUrl ?? (mode === 'rehearsal' ? `http://127.0.0.1:${port()}` : null),
    store,
    prove: (tenantId, signal) => {
      credentials.forget(tenantId);
      return credentials.token(tenantId, exchange.scope, signal);
    },
    ...(signIns !== null && config.consentNeedsSignIn ? { signIn: (...link) => signInLink(signIns, ...link) } : {}),
    clock,
    log,
  });
}

/** For whoever is an administrator there: who it is, is not known before. */
async function signInLink(signIns: SignIns, tenantId: string, reference: string): Promise<URL> {
  const purpose = { kind: 'administrator', reference } as const;
  const { url } = await signIns.begin({
    tenantId,
    objectId: null,
    name: 'an administrator of that organisation',
    purpose,
  });
  return url;
}
