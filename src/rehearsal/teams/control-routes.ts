import { json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import { postAction, postView } from './control-actions.ts';
import { postDeletion, postEdit, postInstall, postMembers } from './control-events.ts';
import { postMessage } from './control-messages.ts';
import { streamEvents } from './event-stream.ts';
import { mriOf } from './people.ts';
import { conversationNamed, messageField, personNamed } from './request-fields.ts';
import { showMessage } from './show.ts';
import type { Teams } from './teams.ts';

type Run = (teams: Teams, request: RehearsalRequest) => Promise<RehearsalResponse> | RehearsalResponse;

/** The part of the control API that plays people in Teams. */
export function controlRoutes(teams: Teams): Route[] {
  const route = (method: string, path: string, run: Run): Route => ({
    method,
    path: `/control/${path}`,
    handle: (request) => run(teams, request),
  });
  return [
    route('POST', 'messages', postMessage),
    route('POST', 'actions', postAction),
    route('POST', 'views', postView),
    route('POST', 'edits', postEdit),
    route('POST', 'deletions', postDeletion),
    route('POST', 'installs', postInstall),
    route('POST', 'members', postMembers),
    route('POST', 'deliveries', postDeliveries),
    route('GET', 'deliveries', ({ settings }) => json(200, settings.show())),
    route('GET', 'people', getPeople),
    route('GET', 'conversations', getConversations),
    route('GET', 'conversations/:id/messages', getMessages),
    route('GET', 'messages/:messageId', getMessage),
    {
      method: 'GET',
      path: '/control/events',
      handle: (request, response) => streamEvents(teams, request, response),
    },
  ];
}

function postDeliveries({ settings }: Teams, request: RehearsalRequest): RehearsalResponse {
  settings.set(jsonBody(request));
  return json(200, settings.show());
}

function getPeople({ state }: Teams): RehearsalResponse {
  const people = state.people.map((person) => ({
    ...person,
    mri: mriOf(person),
    inTeam: state.teamMembers.has(person.id),
  }));
  return json(200, { people });
}

function getConversations({ state }: Teams): RehearsalResponse {
  const conversations = state.conversations.map((conversation) => ({
    ...conversation,
    installed: state.installed.has(conversation.id),
    members: state.membersOf(conversation).map(({ id }) => id),
    messages: state.messagesOf(conversation.id).length,
  }));
  return json(200, { conversations });
}

function getMessages({ state }: Teams, request: RehearsalRequest): RehearsalResponse {
  const conversation = conversationNamed(state, request.params['id'] ?? '');
  const as = viewer(state, request);
  return json(200, { messages: state.messagesOf(conversation.id).map((message) => showMessage(state, message, as)) });
}

function getMessage({ state }: Teams, request: RehearsalRequest): RehearsalResponse {
  return json(200, showMessage(state, messageField(state, request.params), viewer(state, request)));
}

function viewer(state: Teams['state'], { query }: RehearsalRequest): string | null {
  const as = query.get('as');
  return as === null ? null : personNamed(state, as).id;
}
