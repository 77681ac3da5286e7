import { createHash } from 'node:crypto';
import type { WebAnswer } from '../../../ports/web-page.ts';

/** What stands on a page of ours. Every text is escaped here; nobody passes markup. */
export interface PageContent {
  readonly status: number;
  readonly title: string;
  /** How it looks: something to decide, something good, or something that went wrong. */
  readonly tone: 'ask' | 'good' | 'bad';
  readonly sentences: readonly string[];
  readonly facts?: readonly (readonly [name: string, value: string])[];
  /** Sentences that come first, because they say what may go wrong. */
  readonly dangers?: readonly string[];
  readonly form?: { readonly action: string; readonly token: string; readonly button: string };
  readonly last?: string;
}

const STYLE = `
:root{color-scheme:light dark;--page:#f3f2f1;--card:#fff;--text:#242424;--soft:#555;--line:#d1d1d1;--key:#4f52b2;
--key-text:#fff;--good:#0e700e;--bad:#b10e1c;--warn:#fdf3e0;--warn-text:#5c3b00}
@media (prefers-color-scheme:dark){:root{--page:#1b1a1a;--card:#292828;--text:#fff;--soft:#c8c6c4;--line:#525151;
--key:#9299f7;--key-text:#14142b;--good:#8fd68f;--bad:#ff99a4;--warn:#3f3015;--warn-text:#ffe0a8}}
*{box-sizing:border-box}
body{margin:0;background:var(--page);color:var(--text);font:1rem/1.5 "Segoe UI",system-ui,sans-serif}
main{max-width:36rem;margin:0 auto;padding:1.5rem 1rem 3rem}
.brand{margin:0 0 1rem;color:var(--soft);font-weight:600}
.mark{display:inline-block;margin-right:.5rem;padding:.05rem .5rem;border:2px solid currentcolor;border-radius:4px;
font-size:.85rem;letter-spacing:.06em}
article{background:var(--card);border:1px solid var(--line);border-top:4px solid var(--key);border-radius:8px;
padding:1.25rem 1.5rem 1.5rem}
article.good{border-top-color:var(--good)}article.bad{border-top-color:var(--bad)}
h1{margin:0 0 .75rem;font-size:1.5rem;line-height:1.25}
.good h1{color:var(--good)}.bad h1{color:var(--bad)}
p{margin:.5rem 0}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.4rem 1rem;margin:1rem 0;padding:1rem 0;
border:solid var(--line);border-width:1px 0}
dt{color:var(--soft)}dd{margin:0;font-weight:600;overflow-wrap:anywhere}
.mono{font-family:Consolas,"Cascadia Mono",monospace;letter-spacing:.04em}
section{margin:1rem 0;padding:.75rem 1rem;background:var(--warn);color:var(--warn-text);border-radius:6px}
h2{margin:0;font-size:1rem}ul{margin:.25rem 0 0;padding-left:1.25rem}
button{min-height:2.75rem;margin:.75rem 0 .25rem;padding:.5rem 1.75rem;border:0;border-radius:6px;background:var(--key);
color:var(--key-text);font:inherit;font-weight:600;cursor:pointer}
button:hover{filter:brightness(1.08)}
:focus-visible{outline:3px solid var(--key);outline-offset:3px}
.last{color:var(--soft)}
@media (max-width:30rem){dl{grid-template-columns:1fr;gap:0}dd{margin-bottom:.6rem}article{padding:1rem}button{width:100%}}
`;

const styleHash = `sha256-${createHash('sha256').update(STYLE).digest('base64')}`;

/** A page that needs no script, reads well aloud, and fits light, dark and narrow screens. */
export function signInPage(content: PageContent, isRehearsal: boolean): WebAnswer {
  const { status, title, tone } = content;
  const mark = isRehearsal ? '<span class="mark">REHEARSAL</span>' : '';
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">' +
    `<title>${isRehearsal ? 'REHEARSAL – ' : ''}${escaped(title)} – Switchyard</title><style>${STYLE}</style></head>` +
    `<body><main><p class="brand">${mark}Switchyard</p><article class="${tone}"><h1>${escaped(title)}</h1>` +
    `${parts(content).join('')}</article></main></body></html>\n`;
  return { status, html, styleHash };
}

function parts({ sentences, facts = [], dangers = [], form, last }: PageContent): string[] {
  const paragraphs = sentences.map((sentence) => `<p>${escaped(sentence)}</p>`);
  const listed = dangers.map((danger) => `<li>${escaped(danger)}</li>`).join('');
  const terms = facts.map(([name, value]) => `<dt>${escaped(name)}</dt><dd${monoOf(name)}>${escaped(value)}</dd>`);
  return [
    ...paragraphs,
    listed === '' ? '' : `<section><h2>⚠ Warnings of the plan</h2><ul>${listed}</ul></section>`,
    terms.length === 0 ? '' : `<dl>${terms.join('')}</dl>`,
    form ? formOf(form) : '',
    last === undefined ? '' : `<p class="last">${escaped(last)}</p>`,
  ];
}

function formOf({ action, token, button }: NonNullable<PageContent['form']>): string {
  return (
    `<form method="post" action="${escaped(action)}"><input type="hidden" name="token" value="${escaped(token)}">` +
    `<button type="submit">${escaped(button)}</button></form>`
  );
}

function monoOf(name: string): string {
  return name === 'Fingerprint' ? ' class="mono"' : '';
}

/** Marks that turn the reading direction, or cannot be seen, are shown as what they are. */
function escaped(text: string): string {
  const plain = text.replace(/[\p{Cc}\p{Cf}]/gu, '\u{FFFD}').slice(0, 1000);
  return plain.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
