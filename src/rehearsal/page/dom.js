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

const COLOURS = 6;
const colours = new Map();

/** Two letters and a colour of their own for somebody. */
export function avatar({ id, name, bot = false }) {
  if (!colours.has(id)) colours.set(id, bot ? 'bot' : String(colours.size % COLOURS));
  return el(
    'span',
    { class: `avatar avatar-${colours.get(id)}`, 'aria-hidden': 'true' },
    bot ? 'Sy' : name.slice(0, 2),
  );
}
