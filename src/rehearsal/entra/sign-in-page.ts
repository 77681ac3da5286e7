import { createHash } from 'node:crypto';
import type { RehearsalResponse } from '../http.ts';

const STYLE =
  ':root{color-scheme:light dark}' +
  'body{margin:0;font:1rem/1.5 "Segoe UI",system-ui,sans-serif;background:Canvas;color:CanvasText}' +
  'main{max-width:28rem;margin:8vh auto;padding:1.5rem 2rem 2rem;' +
  'border:1px solid color-mix(in srgb,CanvasText 25%,Canvas)}' +
  '.mark{font-size:.85rem;font-weight:600;margin:0 0 1rem}' +
  'h1{font-size:1.4rem;line-height:1.3;margin:0 0 .5rem}' +
  'label{display:block;margin:1rem 0 .25rem}' +
  'select{width:100%;min-height:2.75rem;font:inherit;padding:.4rem}' +
  'form div{display:flex;flex-wrap:wrap;gap:.75rem;justify-content:flex-end;margin-top:1.5rem}' +
  'button{font:inherit;min-height:2.75rem;padding:.4rem 1.5rem;border:1px solid ButtonBorder}' +
  'button[value=accept]{background:#0f5ea8;border-color:#0f5ea8;color:#fff}' +
  '@media(max-width:30rem){main{margin:0;border:0;padding:1.25rem}button{flex:1}}';
const POLICY =
  `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'; ` +
  "form-action 'self' http://127.0.0.1:* http://localhost:*; frame-ancestors 'none'; base-uri 'none'";

/** Somebody who may be signed in as. */
export interface SignInChoice {
  readonly id: string;
  readonly name: string;
}

/** Entra's sign-in page, where a password and a second factor would be asked for. */
export function signInPage(asked: {
  readonly organisation: string;
  readonly people: readonly SignInChoice[];
  readonly chosen: string;
  readonly contexts: readonly string[];
}): RehearsalResponse {
  const options = asked.people.map(({ id, name }) => {
    const selected = id === asked.chosen ? ' selected' : '';
    return `<option value="${escaped(id)}"${selected}>${escaped(name)}</option>`;
  });
  const context =
    asked.contexts.length === 0
      ? ''
      : `<p>Switchyard asks for the authentication context <strong>${escaped(asked.contexts.join(', '))}</strong>, ` +
        'so a strong second factor would be asked for too.</p>';
  return page(
    200,
    'Sign in',
    `<p>To <strong>Switchyard</strong> with an account of ${escaped(asked.organisation)}. ` +
      `Here your password would be asked for.</p>${context}` +
      `<form method="post"><label for="person">Account</label><select id="person" name="person">${options.join('')}` +
      '</select><div><button name="decision" value="cancel">Cancel</button>' +
      '<button name="decision" value="accept">Sign in</button></div></form>',
  );
}

/** What is wrong with the address, in Entra's words. */
export function signInProblem(problem: string): RehearsalResponse {
  return page(400, 'Sorry, but we’re having trouble signing you in.', `<p>${escaped(problem)}</p>`);
}

function page(status: number, title: string, body: string): RehearsalResponse {
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>REHEARSAL – ${escaped(title)}</title><style>${STYLE}</style></head><body><main>` +
    '<p class="mark">REHEARSAL – simulated Entra, nothing real is touched</p>' +
    `<h1>${escaped(title)}</h1>${body}</main></body></html>\n`;
  const headers = { 'content-type': 'text/html; charset=utf-8', 'content-security-policy': POLICY };
  return { status, headers, body: html };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
