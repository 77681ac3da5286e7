import { clickCard } from './actions.js';
import { post } from './api.js';
import { attend } from './attention.js';
import { drawCard } from './card.js';
import { avatar, el } from './dom.js';
import { markdown } from './markdown.js';
import { linkTo, state } from './state.js';
import { attempt, toast } from './toast.js';

const clockTime = new Intl.DateTimeFormat(undefined, { weekday: 'short', hour: '2-digit', minute: '2-digit' });

export function drawMessage(message) {
  const mine = message.from.id === state.as;
  const kind = mine ? 'mine' : message.from.bot ? 'from-bot' : 'from-person';
  return el(
    'li',
    { class: `message ${kind}`, 'data-message': message.id, tabindex: '-1' },
    avatar(message.from),
    el(
      'div',
      { class: 'bubble' },
      heading(message),
      message.deleted ? el('p', { class: 'deleted' }, 'This message has been deleted.') : content(message),
      tools(message, mine),
    ),
  );
}

function heading({ from, at, edits, alert, from: { bot } }) {
  return el(
    'header',
    { class: 'message-heading' },
    el('strong', {}, from.name),
    bot && el('span', { class: 'bot-tag' }, 'BOT'),
    alert && el('span', { class: 'alert-tag', title: 'Teams alerts everybody here to this message' }, '🔔 Alert'),
    el('time', { datetime: at, title: `${at} (virtual time)` }, clockTime.format(new Date(at))),
    edits > 0 && el('span', { class: 'edited', title: `Changed ${edits} times` }, bot ? `Updated ${edits}×` : 'Edited'),
  );
}

function content(message) {
  const { body, textFormat, card, from } = message;
  const text = from.bot && textFormat !== 'plain' ? markdown(body) : body;
  return [body !== '' && el('div', { class: 'body' }, text), card && cardFrame(message)];
}

function cardFrame({ id, card, ownView, rootId }) {
  const refusal = el('p', { class: 'refusal', hidden: true });
  const click = async (action) => {
    attend(rootId);
    refusal.hidden = true;
    const text = await clickCard(id, action);
    refusal.textContent = text ?? '';
    refusal.hidden = !text;
  };
  const note = ownView && el('p', { class: 'own-view' }, 'Only you see this version of the card.');
  return el('div', { class: 'card' }, drawCard(card, click), refusal, note);
}

function tools(message, mine) {
  const button = (label, run) => el('button', { type: 'button', class: 'tool', onclick: () => attempt(run) }, label);
  const own = { as: state.as, messageId: message.id };
  return el(
    'div',
    { class: 'tools', role: 'group', 'aria-label': 'Message' },
    mine && !message.deleted && button('Edit', async () => startEdit(message)),
    mine && !message.deleted && button('Delete', () => post('deletions', own)),
    mine && message.deleted && button('Undo', () => post('deletions', { ...own, undo: true })),
    button('Copy link', async () => {
      await navigator.clipboard.writeText(linkTo(message.id));
      toast('The link is in the clipboard.', 'good');
    }),
  );
}

function startEdit(message) {
  const body = document.querySelector(`[data-message="${CSS.escape(message.id)}"] .body`);
  const box = el('textarea', { rows: 2, 'aria-label': 'Edit the message', value: message.body });
  const save = async () => {
    form.replaceWith(body);
    if (box.value.trim() !== message.body) {
      await post('edits', { as: state.as, messageId: message.id, text: box.value.trim() });
    }
  };
  const form = el(
    'form',
    {
      class: 'composer',
      onsubmit: (event) => {
        event.preventDefault();
        void attempt(save);
      },
    },
    box,
    el('button', { type: 'button', onclick: () => form.replaceWith(body) }, 'Cancel'),
    el('button', { type: 'submit', class: 'primary' }, 'Save'),
  );
  body.replaceWith(form);
  box.focus();
}
