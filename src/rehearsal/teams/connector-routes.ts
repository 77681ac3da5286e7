import { HOME_TENANT } from '../entra/rehearsal-identity.ts';
import { json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { Operation } from './channel-settings.ts';
import { activityNotFound, ConnectorError, conversationNotFound, notInRoster } from './connector-error.ts';
import { type Conversation, parseWireId, TEAM, threadWireId } from './conversations.ts';
import { guarded } from './guarded.ts';
import { isRecord, type Message } from './message.ts';
import { mriOf, type Person } from './people.ts';
import { postFromBot, readContent } from './post-from-bot.ts';
import type { Teams } from './teams.ts';

const BASE = '/teams/v3';
const ACTIVITY = `${BASE}/conversations/:conversationId/activities/:activityId`;

/** The Bot connector's REST interface, as far as a Teams bot uses it. */
export function connectorRoutes(teams: Teams): Route[] {
  const route = (
    method: string,
    path: string,
    operation: Operation,
    run: (teams: Teams, request: RehearsalRequest) => RehearsalResponse,
  ): Route => ({ method, path, handle: guarded(teams, operation, (request) => run(teams, request)) });
  return [
    route('POST', `${BASE}/conversations`, 'create', createConversation),
    route('POST', `${BASE}/conversations/:conversationId/activities`, 'send', send),
    route('POST', ACTIVITY, 'send', send),
    route('PUT', ACTIVITY, 'update', update),
    route('DELETE', ACTIVITY, 'delete', remove),
    route('GET', `${BASE}/conversations/:conversationId/members`, 'members', members),
    route('GET', `${BASE}/conversations/:conversationId/pagedmembers`, 'members', pagedMembers),
    route('GET', `${BASE}/conversations/:conversationId/members/:memberId`, 'members', member),
    route('GET', `${BASE}/teams/:teamId`, 'team', teamDetails),
    route('GET', `${BASE}/teams/:teamId/conversations`, 'team', teamChannels),
  ];
}

function createConversation(teams: Teams, request: RehearsalRequest): RehearsalResponse {
  const body = jsonBody(request);
  const channelId = wanted(body, 'channelData', 'channel', 'id');
  const conversation = channelId ? teams.state.conversation(channelId) : personalOf(teams, body['members']);
  if (!conversation) throw conversationNotFound();
  requireInstalled(teams, conversation);
  const activity = isRecord(body['activity']) ? body['activity'] : null;
  if (conversation.kind === 'channel' && !activity) {
    throw new ConnectorError(400, 'BadSyntax', 'Creating a conversation in a channel needs its first activity.');
  }
  const posted = activity ? postFromBot(teams, conversation, null, activity) : null;
  const id = threadWireId(conversation, posted?.rootId ?? null);
  return json(201, { id, ...(posted ? { activityId: posted.id } : {}), serviceUrl: teams.delivery.serviceUrl });
}

function personalOf({ state }: Teams, members: unknown): Conversation | null {
  const [first] = Array.isArray(members) ? members : [];
  const id = isRecord(first) && typeof first['id'] === 'string' ? first['id'] : '';
  const person = state.person(id);
  if (!person) throw new ConnectorError(403, 'Forbidden', 'The member is not known to this tenant.');
  return state.conversation(`personal:${person.id}`);
}

function send(teams: Teams, request: RehearsalRequest): RehearsalResponse {
  const { conversation, rootId } = place(teams, request);
  requireInstalled(teams, conversation);
  const repliedTo = teams.state.message(request.params['activityId'] ?? '');
  const root = rootId ?? repliedTo?.rootId ?? null;
  if (rootId && !teams.state.message(rootId)) throw activityNotFound();
  const posted = postFromBot(teams, conversation, root, jsonBody(request));
  return json(201, posted ? { id: posted.id } : {});
}

function update(teams: Teams, request: RehearsalRequest): RehearsalResponse {
  const message = ownMessage(teams, request);
  teams.state.edit(message, readContent(jsonBody(request)));
  return json(200, { id: message.id });
}

function remove(teams: Teams, request: RehearsalRequest): RehearsalResponse {
  teams.state.setDeleted(ownMessage(teams, request), true);
  return { status: 200 };
}

function members(teams: Teams, request: RehearsalRequest): RehearsalResponse {
  return json(200, teams.state.membersOf(roster(teams, request)).map(account));
}

function pagedMembers(teams: Teams, request: RehearsalRequest): RehearsalResponse {
  const all = teams.state.membersOf(roster(teams, request));
  const start = Number(request.query.get('continuationToken') ?? 0);
  const size = Math.min(500, Math.max(1, Number(request.query.get('pageSize') ?? 200)));
  const more = start + size < all.length ? { continuationToken: String(start + size) } : {};
  return json(200, { members: all.slice(start, start + size).map(account), ...more });
}

function member(teams: Teams, request: RehearsalRequest): RehearsalResponse {
  const person = teams.state.person(request.params['memberId'] ?? '');
  const known = teams.state.membersOf(roster(teams, request));
  if (!person || !known.includes(person)) {
    throw new ConnectorError(404, 'MemberNotFoundInConversation', 'Member not found in conversation.');
  }
  return json(200, account(person));
}

function teamDetails(teams: Teams, { params }: RehearsalRequest): RehearsalResponse {
  requireTeam(params);
  const { id, name, aadGroupId } = TEAM;
  const channelCount = teams.state.conversations.filter(({ kind }) => kind === 'channel').length;
  return json(200, {
    id,
    name,
    aadGroupId,
    tenantId: HOME_TENANT,
    channelCount,
    memberCount: teams.state.teamMembers.size,
  });
}

function teamChannels(teams: Teams, { params }: RehearsalRequest): RehearsalResponse {
  requireTeam(params);
  const channels = teams.state.conversations.filter(({ kind }) => kind === 'channel');
  return json(200, { conversations: channels.map(({ wireId, name }) => ({ id: wireId, name })) });
}

function requireTeam({ teamId }: Readonly<Record<string, string>>): void {
  if (teamId !== TEAM.id) throw new ConnectorError(404, 'TeamNotFound', 'Team not found.');
}

/** The roster may be asked for by channel, thread, team or personal chat. */
function roster(teams: Teams, request: RehearsalRequest): Conversation {
  const byTeam = request.params['conversationId'] === TEAM.id ? teams.state.conversation('mail-ops') : null;
  const conversation = byTeam ?? place(teams, request).conversation;
  requireInstalled(teams, conversation);
  return conversation;
}

function place(teams: Teams, { params }: RehearsalRequest): { conversation: Conversation; rootId: string | null } {
  const id = params['conversationId'] ?? '';
  const conversation = teams.state.conversations.find(({ wireId }) => wireId === parseWireId(id).wireId);
  if (!conversation) throw conversationNotFound();
  return { conversation, rootId: parseWireId(id).rootId };
}

function requireInstalled({ state }: Teams, { id }: Conversation): void {
  if (!state.installed.has(id)) throw notInRoster();
}

function ownMessage(teams: Teams, request: RehearsalRequest): Message {
  const { conversation } = place(teams, request);
  requireInstalled(teams, conversation);
  const message = teams.state.message(request.params['activityId'] ?? '');
  if (!message || message.deleted || message.conversation !== conversation.id) throw activityNotFound();
  if (message.from.id !== 'switchyard') {
    throw new ConnectorError(403, 'Forbidden', 'A bot may change only its own messages.');
  }
  return message;
}

function account(person: Person): Record<string, unknown> {
  const [givenName = '', ...rest] = person.name.split(' ');
  const address = `${person.id}@switchyard.example`;
  return {
    id: mriOf(person),
    name: person.name,
    aadObjectId: person.oid,
    objectId: person.oid,
    givenName,
    surname: rest.join(' '),
    email: address,
    userPrincipalName: address,
    tenantId: HOME_TENANT,
    userRole: person.userRole,
  };
}

function wanted(value: unknown, ...path: string[]): string | null {
  const found = path.reduce<unknown>((at, name) => (isRecord(at) ? at[name] : undefined), value);
  return typeof found === 'string' ? found : null;
}
