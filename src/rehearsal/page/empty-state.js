import { el } from './dom.js';
import { actingPerson } from './state.js';

const TRIES = ['help', 'set up gateway exchangedefender for contoso.com', 'lock down contoso.com', 'status'];

/** What a newcomer sees first. `onTry(text)` puts a command into the compose box. */
export function emptyState(place, onTry) {
  const tries = TRIES.map((text) =>
    el('li', {}, el('button', { type: 'button', class: 'try', onclick: () => onTry(text) }, text)),
  );
  if (place.id === 'alerts') {
    return el(
      'section',
      { class: 'empty' },
      el('h2', {}, 'Quiet so far'),
      el('p', {}, 'Notices for the operators arrive here. To see some work first, open mail-ops.'),
    );
  }
  return el(
    'section',
    { class: 'empty' },
    el('h2', {}, 'What to try first'),
    el(
      'ol',
      { class: 'tour' },
      el('li', {}, `Ask for something. You act as ${actingPerson()?.name}; choose a command and send it:`),
      el('ul', { class: 'tries' }, tries),
      el(
        'li',
        {},
        'Read the plan on the card, then pick Ada or Ben at the top and approve it as them: nobody approves an own request.',
      ),
      el('li', {}, 'Watch the card while the run works, and the panel at the side to see what the tenant holds.'),
    ),
    el('p', { class: 'hint' }, 'Waiting takes virtual time: the clock in the panel can be moved forward.'),
  );
}
