import { avatar, byId, el } from './dom.js';
import { state, visible } from './state.js';

export function drawSidebar(onChoose) {
  const places = visible();
  const group = (title, kind) => {
    const entries = places.filter((place) => place.kind === kind).map((place) => entry(place, onChoose));
    return el('section', {}, el('h2', {}, title), el('ul', {}, entries));
  };
  byId('sidebar').replaceChildren(group('Mail operations', 'channel'), group('Chat', 'personal'));
}

function entry(place, onChoose) {
  const open = place.id === state.conversation;
  const unread = state.unread.has(place.id) && !open;
  const name = place.kind === 'channel' ? place.name : 'Switchyard';
  const sign =
    place.kind === 'channel'
      ? el('span', { class: 'hash', 'aria-hidden': 'true' }, '#')
      : avatar({ id: 'switchyard', name, bot: true });
  return el(
    'li',
    {},
    el(
      'button',
      {
        type: 'button',
        class: `place${unread ? ' place-unread' : ''}`,
        'aria-current': open ? 'page' : null,
        'data-conversation': place.id,
        onclick: () => onChoose(place.id),
      },
      sign,
      el('span', { class: 'place-name' }, name),
      unread && el('span', { class: 'dot' }, el('span', { class: 'visually-hidden' }, 'unread')),
    ),
  );
}
