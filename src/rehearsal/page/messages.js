import { get, post } from './api.js';
import { attend, isAttended } from './attention.js';
import { composer } from './composer.js';
import { byId, el } from './dom.js';
import { emptyState } from './empty-state.js';
import { drawMessage } from './message.js';
import { current, state } from './state.js';
import { attempt } from './toast.js';

/** A page with every message of a long rehearsal would be slow. */
const NEWEST = 200;
/** Message id → what is drawn for it. */
const drawn = new Map();
let opening = 0;

/** Shows the chosen conversation from its start; cards that refresh themselves for this person do so. */
export async function openConversation(messageId = null) {
  opening += 1;
  const mine = opening;
  const place = current();
  drawn.clear();
  attend(null);
  byId('posts').replaceChildren(el('p', { class: 'loading' }, 'Opening…'));
  drawHeader(place);
  const box = composerOf(place);
  const answer = await attempt(() => post('views', { as: state.as, conversation: place.id, newest: NEWEST }));
  if (!answer || mine !== opening) return;
  byId('posts').querySelector('.loading').remove();
  for (const message of answer.messages) show(message);
  if (drawn.size === 0) byId('posts').append(emptyState(place, (text) => box.fill(text)));
  if (messageId && drawn.has(messageId)) highlight(messageId);
  else toBottom();
}

/** There at once, and the same one for the same person and place: a slow answer never takes away what is being typed. */
function composerOf(place) {
  const owner = `${state.as} ${place.id}`;
  const shown = byId('composer').firstElementChild;
  if (shown?.dataset.owner === owner) return shown;
  const box = composer({ place, label: place.kind === 'channel' ? `Start a post in ${place.name}` : 'Type a message' });
  box.dataset.owner = owner;
  byId('composer').replaceChildren(box);
  return box;
}

/** Brings one message up to date after an event. What was fetched for an earlier view is left to the later one. */
export async function updateMessage({ messageId, change }) {
  const mine = opening;
  const message = await attempt(() => load(messageId, change));
  if (!message || mine !== opening || message.conversation !== state.conversation) return;
  const known = drawn.has(message.id);
  const atEnd = isAtEnd();
  byId('posts').querySelector('.empty')?.remove();
  show(message);
  if (change !== 'added' || known) {
    if (atEnd) toBottom();
    return;
  }
  if (message.from.id !== state.as) announce(message);
  if (message.from.id === state.as || isAttended(message.rootId) || atEnd) reveal(message.id);
  else byId('new-below').hidden = false;
}

export function redrawCards() {
  for (const { message } of drawn.values()) replace(message);
}

export function startScrolling() {
  const posts = byId('posts');
  posts.addEventListener('scroll', () => {
    if (isAtEnd()) byId('new-below').hidden = true;
  });
  byId('new-below').addEventListener('click', toBottom);
}

async function load(messageId, change) {
  const as = encodeURIComponent(state.as);
  const message = await get(`messages/${messageId}?as=${as}`);
  const refreshes = change !== 'view' && message.refreshFor.includes(state.as);
  if (!refreshes) return message;
  const { messages } = await post('views', { as: state.as, messageId });
  return messages[0];
}

function show(message) {
  const known = drawn.get(message.id);
  if (known && known.message.version >= message.version) return;
  if (known) replace(message);
  else insert(message);
}

function replace(message) {
  const element = drawMessage(message);
  drawn.get(message.id).element.replaceWith(element);
  drawn.set(message.id, { message, element });
}

function insert(message) {
  const element = drawMessage(message);
  drawn.set(message.id, { message, element });
  const list = message.rootId === null ? chatList() : threadList(message.rootId);
  inOrder(list, element, (one) => one.dataset.message, message.id);
}

function chatList() {
  const posts = byId('posts');
  const list = posts.querySelector('.chat') ?? el('ol', { class: 'chat' });
  if (!list.isConnected) posts.append(list);
  return list;
}

function threadList(rootId) {
  const posts = byId('posts');
  const known = posts.querySelector(`[data-thread="${CSS.escape(rootId)}"] > ol`);
  if (known) return known;
  const list = el('ol', { class: 'thread-messages' });
  const thread = el(
    'article',
    { class: 'thread', 'data-thread': rootId, 'aria-label': 'Thread' },
    list,
    replyPlace(rootId),
  );
  inOrder(posts, thread, (one) => one.dataset.thread, rootId);
  return list;
}

function replyPlace(rootId) {
  const holder = el('div', { class: 'reply-place' });
  const open = el('button', { type: 'button', class: 'reply-button' }, '↩ Reply');
  open.addEventListener('click', () => {
    const box = composer({ place: current(), replyTo: rootId, label: 'Reply', onSent: () => attend(rootId) });
    holder.replaceChildren(box);
    box.querySelector('textarea').focus();
  });
  holder.append(open);
  return holder;
}

/** Ids are times: a message that was fetched late still goes to its place. */
function inOrder(parent, element, idOf, id) {
  const later = [...parent.children].find((one) => Number(idOf(one)) > Number(id));
  if (later) later.before(element);
  else parent.append(element);
}

function drawHeader(place) {
  const channel = place.kind === 'channel';
  byId('conversation-title').textContent = channel ? `# ${place.name}` : 'Switchyard';
  byId('conversation-note').textContent = channel
    ? 'A channel of the team Mail operations'
    : `Personal chat of ${place.name} with the bot`;
  document.title = `REHEARSAL · ${channel ? place.name : 'Switchyard'} · Teams`;
}

function announce({ from, text }) {
  byId('announcer').replaceChildren(el('p', {}, `${from.name}: ${text.slice(0, 240)}`));
}

function isAtEnd() {
  const { scrollHeight, scrollTop, clientHeight } = byId('posts');
  return scrollHeight - scrollTop - clientHeight < 120;
}

function toBottom() {
  const posts = byId('posts');
  posts.scrollTop = posts.scrollHeight;
  byId('new-below').hidden = true;
}

function reveal(messageId) {
  drawn.get(messageId)?.element.scrollIntoView({ block: 'nearest' });
}

function highlight(messageId) {
  const { element } = drawn.get(messageId);
  element.classList.add('highlight');
  element.scrollIntoView({ block: 'center' });
  element.focus();
}
