import { avatar, byId, el } from './dom.js';
import { actingPerson, state } from './state.js';

/** The row of people to act as. A dot tells that somebody has an unread personal message. */
export function drawPeople(onChoose) {
  const buttons = state.people
    .filter(({ inTeam, id }) => inTeam || id === state.as)
    .map((person) => {
      const unread = state.unread.has(`personal:${person.id}`);
      const label = `Act as ${person.name}${unread ? ', has an unread message' : ''}`;
      return el(
        'button',
        {
          type: 'button',
          class: 'person',
          title: label,
          'aria-label': label,
          'aria-pressed': String(person.id === state.as),
          'data-person': person.id,
          onclick: () => onChoose(person.id),
        },
        avatar(person),
        unread && el('span', { class: 'dot', 'aria-hidden': 'true' }),
      );
    });
  byId('people').replaceChildren(...buttons);
  byId('acting-name').replaceChildren('You act as ', el('strong', {}, actingPerson()?.name ?? state.as));
}
