/** Makes an element. Strings become text nodes, never markup; null and false children are left out. */
export function el(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === null || value === false) continue;
    if (name === 'class') element.className = value;
    else if (name.startsWith('on')) element.addEventListener(name.slice(2), value);
    else if (name === 'value') element.value = value;
    else element.setAttribute(name, value === true ? '' : String(value));
  }
  append(element, children);
  return element;
}

export function append(parent, children) {
  for (const child of children.flat(Number.POSITIVE_INFINITY)) {
    if (child !== undefined && child !== null && child !== false) parent.append(child);
  }
  return parent;
}

export function byId(id) {
  return document.getElementById(id);
}

/** Two letters and a steady colour for somebody. */
export function avatar({ id, name, bot = false }) {
  const letters = bot ? 'Sy' : name.slice(0, 2);
  const hue = [...id].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 6, 7);
  return el('span', { class: `avatar ${bot ? 'avatar-bot' : `avatar-${hue}`}`, 'aria-hidden': 'true' }, letters);
}
