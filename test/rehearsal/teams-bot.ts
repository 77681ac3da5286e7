import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { ActivityTypes, CloudAdapter, ConfigurationBotFrameworkAuthentication, type TurnContext } from 'botbuilder';
import {
  BOT_APP_ID,
  BOT_TOKEN_ISSUER,
  HOME_TENANT,
  type RehearsalIdentity,
} from '../../src/rehearsal/entra/rehearsal-identity.ts';

export type Turn = (context: TurnContext) => Promise<void>;

/** A real botbuilder bot on a real port, whose turns a test decides. */
export interface TestBot {
  readonly endpoint: string;
  /** Every activity that came past the token check, in order. */
  readonly activities: TurnContext['activity'][];
  readonly adapter: CloudAdapter;
  turn: Turn;
  stop(): Promise<void>;
}

export async function startTestBot(identity: RehearsalIdentity, cloud: () => string): Promise<TestBot> {
  const activities: TurnContext['activity'][] = [];
  let adapter: CloudAdapter | null = null;
  const server = createServer((request, response) => {
    adapter ??= createAdapter(identity, cloud());
    void handle(adapter, request, response, async (context) => {
      activities.push(context.activity);
      await bot.turn(context);
    });
  });
  const port = await listen(server);
  const bot: TestBot = {
    endpoint: `http://127.0.0.1:${port}/api/messages`,
    activities,
    get adapter() {
      adapter ??= createAdapter(identity, cloud());
      return adapter;
    },
    turn: async () => undefined,
    stop: () => close(server),
  };
  return bot;
}

export function invokeAnswer(context: TurnContext, body: Record<string, unknown>): Promise<unknown> {
  return context.sendActivity({ type: ActivityTypes.InvokeResponse, value: { status: 200, body } });
}

export async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return typeof address === 'object' && address ? address.port : 0;
}

export async function close(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

function createAdapter(identity: RehearsalIdentity, cloud: string): CloudAdapter {
  const credentials = {
    isValidAppId: async (appId: string) => appId === BOT_APP_ID,
    isAuthenticationDisabled: async () => false,
    createCredentials: async () => ({
      signRequest: async (resource: { headers: { set(name: string, value: string): void } }) => {
        const token = await identity.signAccessToken({
          issuer: 'test',
          audience: BOT_TOKEN_ISSUER,
          tenant: HOME_TENANT,
          appId: BOT_APP_ID,
          roles: [],
        });
        resource.headers.set('authorization', `Bearer ${token}`);
        return resource;
      },
    }),
  };
  const options = {
    ToChannelFromBotLoginUrl: `${cloud}/unused`,
    ToChannelFromBotOAuthScope: BOT_TOKEN_ISSUER,
    ToBotFromChannelTokenIssuer: BOT_TOKEN_ISSUER,
    ToBotFromChannelOpenIdMetadataUrl: `${cloud}/botframework/openidconfiguration`,
    ToBotFromEmulatorOpenIdMetadataUrl: `${cloud}/botframework/openidconfiguration`,
    OAuthUrl: `${cloud}/unused`,
    CallerId: 'unused',
    ValidateAuthority: 'true',
  };
  return new CloudAdapter(new ConfigurationBotFrameworkAuthentication(options, credentials as never));
}

async function handle(adapter: CloudAdapter, request: IncomingMessage, response: ServerResponse, turn: Turn) {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body: unknown = JSON.parse(Buffer.concat(chunks).toString('utf8'));
  const answer = {
    socket: response.socket,
    header: (name: string, value: string) => response.setHeader(name, value),
    status: (code: number) => {
      response.statusCode = code;
      return answer;
    },
    send: (value: unknown) => response.write(typeof value === 'string' ? value : JSON.stringify(value)),
    end: () => response.end(),
  };
  await adapter.process(Object.assign(request, { body }) as never, answer as never, turn);
}
