import { post } from './api.js';
import { el } from './dom.js';
import { state } from './state.js';
import { attempt, toast } from './toast.js';

const sent = [];

/** A box to type in. `replyTo` puts the text into that thread; the bot is mentioned by itself in channels. */
export function composer({ place, replyTo = null, label, onSent = () => undefined }) {
  const channel = place.kind === 'channel';
  const box = el('textarea', { rows: 1, 'aria-label': label, placeholder: label, spellcheck: 'false' });
  const submit = el('button', { type: 'submit', class: 'primary', disabled: true }, 'Send');
  const mention =
    channel &&
    el('span', { class: 'mention', title: 'In a channel the bot hears only what mentions it' }, '@Switchyard');
  const form = el('form', { class: 'composer' }, mention, box, submit);
  const grow = () => {
    submit.disabled = box.value.trim() === '';
    box.rows = Math.min(8, box.value.split('\n').length);
  };
  box.addEventListener('input', grow);
  box.addEventListener('keydown', (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      form.requestSubmit();
    } else if (event.key === 'ArrowUp' && box.value === '' && sent.length > 0) {
      event.preventDefault();
      box.value = sent.at(-1);
      grow();
    }
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const text = box.value.trim();
    if (text === '') return;
    box.value = '';
    grow();
    sent.push(text);
    onSent();
    void say(place, text, replyTo);
  });
  form.fill = (text) => {
    box.value = text;
    grow();
    box.focus();
  };
  return form;
}

async function say(place, text, replyTo) {
  const body = { as: state.as, conversation: place.id, text, ...(replyTo ? { replyTo } : {}) };
  const answer = await attempt(() => post('messages', body));
  if (!answer || answer.delivered) return;
  toast(answer.error ?? `The bot answered ${answer.status ?? 'nothing'}; it may not be installed here.`, 'bad');
}
