import { ClientSecretCredential, type TokenCredential } from '@azure/identity';

const PUBLIC_AUTHORITY = 'login.microsoftonline.com';
const RENEW_BEFORE_MS = 5 * 60_000;

/** The bot's own credential: a registration apart from the one that reaches into customer tenants. */
export function createBotCredential(options: {
  readonly tenantId: string;
  readonly appId: string;
  readonly secret: string;
  /** Base URL of Entra. */
  readonly authority: string;
}): TokenCredential {
  return new ClientSecretCredential(options.tenantId, options.appId, options.secret, {
    authorityHost: options.authority,
    disableInstanceDiscovery: new URL(options.authority).host !== PUBLIC_AUTHORITY,
    retryOptions: { maxRetries: 1 },
  });
}

/** Access tokens for the channel's service: kept until shortly before they expire, asked for once at a time. */
export class BotToken {
  readonly #credential: TokenCredential;
  readonly #scope: string;
  #current: { readonly token: string; readonly renewAt: number } | null = null;
  #asking: Promise<string> | null = null;

  constructor(credential: TokenCredential, scope = 'https://api.botframework.com/.default') {
    this.#credential = credential;
    this.#scope = scope;
  }

  async get(): Promise<string> {
    if (this.#current && this.#current.renewAt > Date.now()) return this.#current.token;
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null;
    });
    return this.#asking;
  }

  /** After the channel refused the current token. */
  forget(): void {
    this.#current = null;
  }

  async #ask(): Promise<string> {
    const answer = await this.#credential.getToken(this.#scope);
    if (!answer) throw new Error('Entra gave no token for the bot.');
    this.#current = { token: answer.token, renewAt: answer.expiresOnTimestamp - RENEW_BEFORE_MS };
    return answer.token;
  }
}
