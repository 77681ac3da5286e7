import { byId, el } from './dom.js';
import { markdown } from './markdown.js';
import { theme } from './theme.js';

const hostConfigs = {};

export async function loadHostConfigs() {
  for (const name of ['light', 'dark']) {
    const response = await fetch(`/page/host-config-${name}.json`);
    hostConfigs[name] = await response.json();
  }
  globalThis.AdaptiveCards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = el('div', {}, markdown(text)).innerHTML;
    result.didProcess = true;
  };
}

/** Draws a card. `onAction(action)` gets every Execute and Submit whose inputs are valid; it may take its time. */
export function drawCard(content, onAction) {
  const { AdaptiveCard, HostConfig } = globalThis.AdaptiveCards;
  const card = new AdaptiveCard();
  card.hostConfig = new HostConfig(hostConfigs[theme()]);
  const place = el('div', { class: 'card-content' });
  card.onExecuteAction = (action) => void runAction(place, action, onAction);
  card.onAnchorClicked = () => false;
  try {
    card.parse(content);
    const drawn = card.render();
    if (drawn) place.append(drawn);
  } catch (error) {
    place.append(el('p', { class: 'card-broken', role: 'alert' }, `This card cannot be shown: ${error.message}`));
  }
  return place;
}

async function runAction(place, action, onAction) {
  if (action.getJsonTypeName() === 'Action.OpenUrl') {
    if (/^https?:\/\//iu.test(action.url ?? '')) window.open(action.url, '_blank', 'noopener,noreferrer');
    return;
  }
  const button = action.renderedElement;
  const buttons = [...place.querySelectorAll('button')].filter(({ disabled }) => !disabled);
  place.setAttribute('aria-busy', 'true');
  button?.classList.add('is-busy');
  for (const one of buttons) one.disabled = true;
  try {
    await onAction(action);
  } finally {
    place.removeAttribute('aria-busy');
    button?.classList.remove('is-busy');
    for (const one of buttons) one.disabled = false;
    if (document.activeElement === document.body && byId('dialog').open === false) button?.focus();
  }
}
