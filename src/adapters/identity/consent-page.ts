import { createHash } from 'node:crypto';

/** What the administrator's browser shows after coming back from Microsoft, or where it is sent. */
export interface ConsentPage {
  readonly status: number;
  readonly html: string;
  readonly headers: Readonly<Record<string, string>>;
}

const STYLE =
  ':root{color-scheme:light dark}' +
  'body{margin:0;font:16px/1.5 "Segoe UI",system-ui,sans-serif;background:Canvas;color:CanvasText}' +
  'main{max-width:36rem;margin:12vh auto;padding:0 1.5rem}' +
  'h1{font-size:1.5rem;line-height:1.3;margin:0 0 1rem}' +
  '.mark{font-size:.8rem;font-weight:600;letter-spacing:.05em;margin:0 0 .5rem}' +
  '.close{opacity:.75}';
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; frame-ancestors 'none'; base-uri 'none'`;

/** A page of fixed words: nothing that came with the address is ever shown. */
export function consentPage(
  { status, isRehearsal }: { readonly status: number; readonly isRehearsal: boolean },
  title: string,
  sentences: readonly string[],
): ConsentPage {
  const mark = isRehearsal ? 'REHEARSAL – ' : '';
  const note = isRehearsal ? '<p class="mark">Simulated cloud, nothing real is touched.</p>' : '';
  const paragraphs = sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join('');
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${mark}Switchyard – ${escaped(title)}</title><style>${STYLE}</style></head>` +
    `<body><main>${note}<h1>${mark}${escaped(title)}</h1>${paragraphs}` +
    '<p class="close">You can close this window.</p></main></body></html>\n';
  return { status, html, headers: { 'content-security-policy': POLICY } };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
