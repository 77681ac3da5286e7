import { drawCard } from './card.js';
import { byId, el } from './dom.js';

/** Shows a card in a dialog. A submit closes it, unless the answer opens the next one. */
export function openDialog({ title = 'Switchyard', card }, onSubmit) {
  const dialog = byId('dialog');
  const content = drawCard(card.content, async (action) => {
    dialog.close();
    await onSubmit(action);
  });
  const close = el(
    'button',
    { type: 'button', class: 'icon-button', 'aria-label': 'Close', onclick: () => dialog.close() },
    '✕',
  );
  dialog.replaceChildren(el('header', {}, el('h2', { id: 'dialog-title' }, title), close), content);
  if (!dialog.open) dialog.showModal();
}
