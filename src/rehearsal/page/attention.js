/** The thread in which the acting person spoke or clicked last: its answers are scrolled into view. */
let attended = null;

export function attend(rootId) {
  attended = rootId;
}

export function isAttended(rootId) {
  return rootId !== null && rootId === attended;
}
