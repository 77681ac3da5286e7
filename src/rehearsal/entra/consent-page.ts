import { createHash } from 'node:crypto';
import type { RehearsalResponse } from '../http.ts';

const STYLE =
  ':root{color-scheme:light dark}' +
  'body{margin:0;font:15px/1.5 "Segoe UI",system-ui,sans-serif;background:Canvas;color:CanvasText}' +
  'main{max-width:30rem;margin:10vh auto;padding:2rem;border:1px solid color-mix(in srgb,CanvasText 25%,Canvas)}' +
  '.mark{font-size:.8rem;font-weight:600;margin:0 0 1rem}' +
  'h1{font-size:1.4rem;line-height:1.3;margin:0 0 .25rem}' +
  'ul{padding-left:1.2rem}' +
  'form{display:flex;flex-wrap:wrap;gap:.75rem;justify-content:flex-end;margin-top:1.5rem}' +
  'input{flex:1 0 100%;font:inherit;padding:.4rem}' +
  'button{font:inherit;padding:.4rem 1.5rem;border:1px solid ButtonBorder}' +
  'button[value=accept]{background:#0f5ea8;border-color:#0f5ea8;color:#fff}';
const POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'none'";

/** Entra's question to the administrator. Without an organisation, the one that is named in the form is meant. */
export function consentPage(asked: {
  readonly organisation: string | null;
  readonly wishes: readonly string[];
}): RehearsalResponse {
  const wishes = asked.wishes.map((wish) => `<li>${escaped(wish)}</li>`).join('');
  const which = asked.organisation === null ? '<input name="organization" placeholder="organisation" required>' : '';
  return page(
    200,
    `<p>Switchyard asks an administrator of <strong>${escaped(asked.organisation ?? 'your organisation')}</strong> ` +
      `to allow the application, for the whole organisation:</p><ul>${wishes}</ul>` +
      `<form method="post">${which}<button name="decision" value="cancel" formnovalidate>Cancel</button>` +
      '<button name="decision" value="accept">Accept</button></form>',
  );
}

/** What is wrong with a link, in Entra's words. */
export function problemPage(problem: string): RehearsalResponse {
  return page(400, `<p>${escaped(problem)}</p>`);
}

function page(status: number, body: string): RehearsalResponse {
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>REHEARSAL – permissions requested</title><style>${STYLE}</style></head><body><main>` +
    '<p class="mark">REHEARSAL – simulated Entra, nothing real is touched</p>' +
    `<h1>Permissions requested</h1>${body}</main></body></html>\n`;
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY };
  return { status, headers, body: html };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
