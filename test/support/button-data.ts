/** What the button with this verb carries on a card: those who click it at once all send what was before their eyes. */
export function buttonData(card: unknown, verb: string): object {
  const data = dataIn(card, verb);
  if (data === null) throw new Error(`No button of the card has the verb ${verb}.`);
  return data;
}

function dataIn(node: unknown, verb: string): object | null {
  if (node === null || typeof node !== 'object') return null;
  if ('verb' in node && node.verb === verb && 'data' in node && typeof node.data === 'object') return node.data;
  for (const child of Object.values(node)) {
    const found = dataIn(child, verb);
    if (found) return found;
  }
  return null;
}
