import {
  ActivityHandler,
  CloudAdapter,
  ConfigurationBotFrameworkAuthentication,
  type InvokeResponse,
  type TurnContext,
} from 'botbuilder';
import { AuthenticationConfiguration, ServiceClientCredentialsFactory } from 'botframework-connector';
import restify from 'restify';

// The yardstick: what the SDK's own samples do, with the same check of tokens, one reply to a message and an inline
// answer to a click. It keeps no state and asks nobody for anything.

const {
  PORT,
  BOT_APP_ID = '',
  BOT_OPENID_METADATA_URL = '',
  BOT_TOKEN_ISSUER = '',
  ENTRA_AUTHORITY = '',
} = process.env;

type Credentials = Awaited<ReturnType<ServiceClientCredentialsFactory['createCredentials']>>;

const credentials: Credentials = {
  signRequest: async (request) => {
    request.headers.set('authorization', 'Bearer stock');
    return request;
  },
};

/** A token at hand, so that no token request is measured. */
class TokenAtHand extends ServiceClientCredentialsFactory {
  override async isValidAppId(appId: string): Promise<boolean> {
    return appId === BOT_APP_ID;
  }

  override async isAuthenticationDisabled(): Promise<boolean> {
    return false;
  }

  override async createCredentials(): Promise<Credentials> {
    return credentials;
  }
}

class StockBot extends ActivityHandler {
  constructor() {
    super();
    this.onMessage(async (context, next) => {
      await context.sendActivity(`You said ${context.activity.text}`);
      await next();
    });
  }

  protected override async onInvokeActivity(_context: TurnContext): Promise<InvokeResponse> {
    const value = 'Only an approver can decide, and you are not one here.';
    return { status: 200, body: { statusCode: 200, type: 'application/vnd.microsoft.activity.message', value } };
  }
}

const settings = {
  MicrosoftAppId: BOT_APP_ID,
  ToBotFromChannelOpenIdMetadataUrl: BOT_OPENID_METADATA_URL,
  ToBotFromChannelTokenIssuer: BOT_TOKEN_ISSUER,
  ToBotFromEmulatorOpenIdMetadataUrl: BOT_OPENID_METADATA_URL,
  ToChannelFromBotLoginUrl: ENTRA_AUTHORITY,
  ToChannelFromBotOAuthScope: BOT_TOKEN_ISSUER,
  OAuthUrl: BOT_TOKEN_ISSUER,
  CallerId: 'urn:botframework:azure',
  ValidateAuthority: true,
};

const authentication = new ConfigurationBotFrameworkAuthentication(
  settings,
  new TokenAtHand(),
  new AuthenticationConfiguration(),
);
const adapter = new CloudAdapter(authentication);
const bot = new StockBot();
const server = restify.createServer();
// As long as ours, so that no connection ends between two rounds.
server.server.keepAliveTimeout = 125_000;
server.use(restify.plugins.bodyParser());
server.post('/api/messages', async (request, response) => {
  // restify's types allow undefined where the SDK's do not.
  await adapter.process(request as Parameters<typeof adapter.process>[0], response, (context) => bot.run(context));
});
server.listen(Number(PORT), '127.0.0.1', () => process.stdout.write('ready\n'));
