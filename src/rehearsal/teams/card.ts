import { type Card, isRecord } from './message.ts';

const CONTAINERS = ['body', 'items', 'columns', 'rows', 'cells', 'inlines', 'images', 'facts', 'actions', 'card'];

/** The first Action.Execute with this verb anywhere in the card, hidden parts included. */
export function findExecute(card: Card, verb: string): Card | null {
  return findAction(card, (action) => action['type'] === 'Action.Execute' && action['verb'] === verb);
}

export function refreshOf(card: Card | null): { action: Card; userIds: readonly string[] } | null {
  const refresh = card?.['refresh'];
  if (!isRecord(refresh) || !isRecord(refresh['action'])) return null;
  const ids = Array.isArray(refresh['userIds']) ? refresh['userIds'] : [];
  return { action: refresh['action'], userIds: ids.filter((id): id is string => typeof id === 'string') };
}

/** Everything a person can read on a card, folded parts included, one line per element; buttons in brackets. */
export function textOf(card: Card | null): string {
  if (!card) return '';
  const lines: string[] = [];
  collect(card, lines);
  const text = lines.filter((line) => line.trim() !== '').join('\n');
  // Clients put in the reader's time; whoever reads text has none, so they get the moment itself.
  return text.replaceAll(/\{\{DATE\([^()]*\)\}\} \{\{TIME\(([^()]*)\)\}\}/g, '$1');
}

function findAction(node: unknown, wanted: (action: Card) => boolean): Card | null {
  if (Array.isArray(node)) {
    for (const item of node) {
      const found = findAction(item, wanted);
      if (found) return found;
    }
    return null;
  }
  if (!isRecord(node)) return null;
  if (wanted(node)) return node;
  return findAction(
    [...CONTAINERS, 'selectAction', 'inlineAction', 'action'].map((name) => node[name]),
    wanted,
  );
}

function collect(node: unknown, lines: string[]): void {
  if (Array.isArray(node)) {
    for (const item of node) collect(item, lines);
    return;
  }
  if (!isRecord(node)) return;
  const type = typeof node['type'] === 'string' ? node['type'] : '';
  const own = ownText(type, node);
  if (own) lines.push(own);
  if (type === 'RichTextBlock') return;
  for (const name of CONTAINERS) collect(node[name], lines);
}

function ownText(type: string, node: Card): string {
  const string = (name: string): string => (typeof node[name] === 'string' ? node[name] : '');
  if (type === 'RichTextBlock') return runs(node['inlines']);
  if (type.startsWith('Action.')) return string('title') && `[${string('title')}]`;
  if (type.startsWith('Input.')) return [string('label') || string('title'), shown(node['value'])].join(': ');
  if (type === 'CodeBlock') return string('codeSnippet');
  if (type === '' && string('title') && 'value' in node) return `${string('title')}: ${shown(node['value'])}`;
  return string('text');
}

function runs(inlines: unknown): string {
  if (!Array.isArray(inlines)) return '';
  return inlines.map((run) => (isRecord(run) ? shown(run['text']) : shown(run))).join('');
}

function shown(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}
