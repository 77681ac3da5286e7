import { createHash } from 'node:crypto';
import { ConfigurationBotFrameworkAuthentication } from 'botbuilder';
import {
  type AuthenticateRequestResult,
  AuthenticationConfiguration,
  AuthenticationError,
  BotFrameworkAuthentication,
  type ClaimsIdentity,
  ConnectorClient,
  ConnectorFactory,
  ServiceClientCredentialsFactory,
  type UserTokenClient,
} from 'botframework-connector';
import { JwtTokenExtractor } from 'botframework-connector/lib/auth/jwtTokenExtractor.js';
import type { Activity } from 'botframework-schema';
import { Recent } from './recent.ts';
import type { SigningKeys } from './signing-keys.ts';

const REMEMBERED_TOKENS = 500;
const UNAUTHORIZED = 401;

export interface ChannelAuthenticationOptions {
  readonly appId: string;
  readonly tokenIssuer: string;
  readonly openIdMetadataUrl: string;
  /** Base URL of Entra. */
  readonly authority: string;
  readonly keys: SigningKeys;
}

/**
 * The SDK's check of inbound tokens, narrowed to the one kind we accept, with a memory: Teams sends the same token for
 * about an hour, and checking it anew costs half of the time of a click.
 */
export class ChannelAuthentication extends BotFrameworkAuthentication {
  readonly #sdk: BotFrameworkAuthentication;
  readonly #checked = new Recent<AuthenticateRequestResult>({ limit: REMEMBERED_TOKENS, keepMs: 3_600_000 });
  readonly #connectors = new NoConnectors();
  #userTokens: Promise<UserTokenClient> | null = null;

  constructor(options: ChannelAuthenticationOptions) {
    super();
    // The SDK looks its keys up here by address; with ours in place it never loads keys by itself.
    JwtTokenExtractor['openIdMetadataCache'].set(options.openIdMetadataUrl, options.keys);
    this.#sdk = new ConfigurationBotFrameworkAuthentication(
      sdkOptions(options),
      new ReceivingOnly(options.appId),
      new AuthenticationConfiguration(['msteams'], pinnedClaims(options)),
    );
  }

  override async authenticateRequest(activity: Activity, authorization: string): Promise<AuthenticateRequestResult> {
    const key = createHash('sha256').update(authorization).digest('base64');
    const known = this.#checked.get(key);
    const result = known ?? (await this.#sdk.authenticateRequest(activity, authorization));
    // A token is valid for one service address; the SDK says so only when the activity names one.
    if (result.claimsIdentity.getClaimValue('serviceurl') !== activity.serviceUrl) {
      throw new AuthenticationError('The token belongs to another service address.', UNAUTHORIZED);
    }
    if (known) return known;
    const answer = { ...result, connectorFactory: this.#connectors };
    this.#checked.set(key, answer, Number(result.claimsIdentity.getClaimValue('exp')) * 1000);
    return answer;
  }

  override authenticateStreamingRequest(): Promise<AuthenticateRequestResult> {
    return Promise.reject(new AuthenticationError('Streaming is not offered.', UNAUTHORIZED));
  }

  override createConnectorFactory(): ConnectorFactory {
    return this.#connectors;
  }

  /** One for all turns: building one costs more than the rest of a turn, and nobody signs in through the bot. */
  override createUserTokenClient(identity: ClaimsIdentity): Promise<UserTokenClient> {
    this.#userTokens ??= this.#sdk.createUserTokenClient(identity);
    return this.#userTokens;
  }
}

/** When one of these is given the SDK takes no defaults, so all of them are. */
function sdkOptions({ appId, tokenIssuer, openIdMetadataUrl, authority }: ChannelAuthenticationOptions) {
  return {
    MicrosoftAppId: appId,
    ToBotFromChannelOpenIdMetadataUrl: openIdMetadataUrl,
    ToBotFromChannelTokenIssuer: tokenIssuer,
    ToBotFromEmulatorOpenIdMetadataUrl: openIdMetadataUrl,
    ToChannelFromBotLoginUrl: authority,
    ToChannelFromBotOAuthScope: tokenIssuer,
    OAuthUrl: tokenIssuer,
    CallerId: 'urn:botframework:azure',
    ValidateAuthority: true,
  };
}

/** The SDK also accepts tokens that Entra issued for the bot itself; whoever holds its secret could forge clicks. */
function pinnedClaims({ appId, tokenIssuer }: ChannelAuthenticationOptions) {
  return async (claims: readonly { readonly type: string; readonly value: string }[]): Promise<void> => {
    const claim = (type: string): string | undefined => claims.find((entry) => entry.type === type)?.value;
    if (claim('iss') === tokenIssuer && claim('aud') === appId) return;
    throw new AuthenticationError('Only tokens of the channel for this bot are accepted.', UNAUTHORIZED);
  };
}

/** Tells the SDK which app it is, and that authentication is on. It gets no credentials: sending is not its business. */
class ReceivingOnly extends ServiceClientCredentialsFactory {
  readonly #appId: string;

  constructor(appId: string) {
    super();
    if (appId === '') throw new Error('Without BOT_APP_ID the SDK would accept every request.');
    this.#appId = appId;
  }

  override async isValidAppId(appId: string): Promise<boolean> {
    return appId === this.#appId;
  }

  override async isAuthenticationDisabled(): Promise<boolean> {
    return false;
  }

  override async createCredentials(): Promise<typeof noCredentials> {
    return noCredentials;
  }
}

const noCredentials = {
  signRequest: (): Promise<never> => Promise.reject(new Error('Messages are sent through the notifier only.')),
};

/**
 * Every turn gets the same connector client, and it refuses to send: the SDK's own sending repeats posts that may have
 * been shown, waits without end, and gives its token to any address.
 */
class NoConnectors extends ConnectorFactory {
  readonly #client = new ConnectorClient(noCredentials);

  override async create(): Promise<ConnectorClient> {
    return this.#client;
  }
}
