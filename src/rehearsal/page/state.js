import { get } from './api.js';

/** What the page knows; `as` and `conversation` are also in the address, so that a link opens the same view. */
export const state = {
  as: 'rita',
  conversation: 'mail-ops',
  people: [],
  conversations: [],
  unread: new Set(),
};

const DEFAULT_AS = 'rita';

/** The simulated Entra offers to sign in as the person who acts here; it is at the same host. */
function tellEntra() {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not everywhere, and the name is ours
  document.cookie = `rehearsal_person=${state.as}; path=/; samesite=lax`;
}

export function readAddress() {
  const query = new URLSearchParams(location.search);
  const as = query.get('as') ?? state.as;
  state.as = state.people.some(({ id }) => id === as) ? as : DEFAULT_AS;
  const wanted = query.get('conversation') ?? state.conversation;
  state.conversation = visible().some(({ id }) => id === wanted) ? wanted : 'mail-ops';
  tellEntra();
  return query.get('message');
}

export function writeAddress() {
  const query = new URLSearchParams({ as: state.as, conversation: state.conversation });
  history.replaceState(null, '', `/?${query}`);
  tellEntra();
}

export function linkTo(messageId) {
  const query = new URLSearchParams({ as: state.as, conversation: state.conversation, message: messageId });
  return `${location.origin}/?${query}`;
}

export async function loadPlaces() {
  const [{ people }, { conversations }] = await Promise.all([get('people'), get('conversations')]);
  state.people = people;
  state.conversations = conversations;
}

/** The conversations the acting person can see. */
export function visible() {
  return state.conversations.filter(({ members }) => members.includes(state.as));
}

export function current() {
  return state.conversations.find(({ id }) => id === state.conversation);
}

export function actingPerson() {
  return state.people.find(({ id }) => id === state.as);
}
