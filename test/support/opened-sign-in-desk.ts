import { trustExtraCa } from '../../src/adapters/http/trust-extra-ca.ts';
import { type ConsentDesk, createConsentDesk } from '../../src/adapters/identity/admin-consent.ts';
import { createEntraSignIn } from '../../src/adapters/identity/sign-in/entra-sign-in.ts';
import {
  createSignInDesk,
  type SignInAnswers,
  type SignInDesk,
} from '../../src/adapters/identity/sign-in/sign-in-desk.ts';
import { signInPage } from '../../src/adapters/identity/sign-in/sign-in-page.ts';
import { administratorAnswers } from '../../src/app/administrator-answers.ts';
import { readConfig } from '../../src/config/config.ts';
import type { SignInRequest } from '../../src/ports/sign-in.ts';
import { createServer, type Server } from '../../src/server.ts';
import { FakeClock } from './fake-clock.ts';
import { MemoryConsents } from './memory-consents.ts';
import { MemorySignIns } from './memory-sign-ins.ts';
import { type RunningRehearsal, startRehearsal } from './rehearsal.ts';
import { silentLog } from './silent-log.ts';

const purpose = {
  kind: 'decision',
  requestId: 'R-22222222',
  verdict: 'approve',
  digest: '0123456789abcdef',
  nonce: 'abcdefgh12345678',
} as const;

export const adaId = '11111111-0000-4000-8000-000000000011';
const forAda: SignInRequest = {
  tenantId: '0b0b0b0b-0000-4000-8000-000000000001',
  objectId: adaId,
  name: 'Ada',
  purpose,
};

/** The pages for signing in and for consent, served to browsers, with a simulated Entra behind them. */
export class OpenedSignInDesk {
  readonly store = new MemorySignIns();
  readonly desk: SignInDesk;
  readonly consent: ConsentDesk;
  /** Address of the server. */
  base = '';
  /** Real milliseconds, as the desk reads them. */
  now: () => number = Date.now;
  readonly #rehearsal: RunningRehearsal;
  readonly #server: Server;
  readonly #decisions: string[] = [];

  private constructor(rehearsal: RunningRehearsal) {
    this.#rehearsal = rehearsal;
    const { config, secrets } = readConfig(rehearsal.environment, 'rehearsal');
    const { authority, consentUrl: browserUrl } = config.entra;
    const { appId = '', authenticationContext = null } = config.signIn ?? {};
    this.desk = createSignInDesk({
      entra: createEntraSignIn({ authority, browserUrl, appId, secret: secrets.signInAppSecret }),
      store: this.store,
      publicUrl: () => this.base,
      isRehearsal: true,
      authenticationContext,
      answers: { decision: this.#decision, administrator: administratorAnswers(() => this.consent) },
      log: silentLog(),
      realNow: () => this.now(),
    });
    this.consent = createConsentDesk({
      authority: browserUrl,
      appId: config.worker.appId,
      isRehearsal: true,
      publicUrl: () => this.base,
      store: new MemoryConsents(),
      signIn: async (tenantId, reference) => {
        const administrator = { kind: 'administrator', reference } as const;
        const asked = { tenantId, objectId: null, name: 'an administrator', purpose: administrator };
        return (await this.desk.begin(asked)).url;
      },
      prove: async () => undefined,
      clock: new FakeClock(),
      log: silentLog(),
    });
    this.#server = createServer({
      bot: { admits: () => false, receive: async () => ({ status: 401 }) },
      health: async () => ({ ready: true, checks: {} }),
      consent: this.consent,
      pages: this.desk.routes,
      log: silentLog(),
    });
  }

  static async start(): Promise<OpenedSignInDesk> {
    const rehearsal = await startRehearsal();
    const { EXTRA_CA_FILE: authority } = rehearsal.environment;
    if (authority) await trustExtraCa(authority);
    const opened = new OpenedSignInDesk(rehearsal);
    opened.base = `http://127.0.0.1:${await opened.#server.listen(0, '127.0.0.1')}`;
    const redirectUris = [`${opened.base}/sign-in/callback`, `${opened.base}/consent/callback`];
    await rehearsal.control('home', { redirectUris }, 'PUT');
    return opened;
  }

  async stop(): Promise<void> {
    await this.#server.close();
    await this.#rehearsal.stop();
  }

  /** A new link by which Ada is to sign in for a decision. */
  async linkForAda(): Promise<URL> {
    return (await this.desk.begin(forAda)).url;
  }

  /** How the simulated Entra signs people in. */
  withSignIn(signIn: object): Promise<unknown> {
    return this.#rehearsal.control('home', { signIn }, 'PUT');
  }

  /** What the trail says about Ada's links, and then what was decided. */
  events(): string[] {
    const entries = this.store.trail.filter(({ requestId }) => requestId === purpose.requestId);
    return [...entries.map(({ outcome, reason }) => `${outcome} ${reason}`), ...this.#decisions];
  }

  /** Nothing has happened, and Entra signs people in as usual. */
  async forget(): Promise<void> {
    this.#decisions.length = 0;
    this.store.trail.length = 0;
    this.now = Date.now;
    await this.withSignIn({ ageSeconds: 0, context: 'given', error: null });
  }

  readonly #decision: SignInAnswers = {
    arrived: async ({ form, signedIn }) => {
      const content = { title: `Approve, ${signedIn.name}?`, tone: 'ask', sentences: [], status: 200 } as const;
      return signInPage({ ...content, form: { ...form, button: 'Approve' } }, true);
    },
    submitted: async ({ use }) => {
      const isFirst = await use();
      this.#decisions.push(isFirst ? 'decided' : 'decided twice');
      return signInPage({ title: 'Approved', tone: 'good', sentences: [], status: 200 }, true);
    },
    entryOf: async ({ tenantId }, who, failure) => {
      const reason = failure
        ? `${failure.code} ${who?.objectId.slice(-4) ?? 'nobody'}`
        : (who?.contexts ?? []).join(',');
      const outcome = failure ? 'refused' : 'accepted';
      return { action: 'sign-in', requestId: purpose.requestId, tenantId, actor: who, outcome, reason, detail: {} };
    },
  };
}
