import type { IncomingMessage, ServerResponse } from 'node:http';
import type { WebAnswer, WebRequest, WebRoute } from '../../ports/web-page.ts';

/** Each waits for Microsoft for some seconds. */
const MOST_IN_FLIGHT = 50;
const MOST_FORM_BYTES = 4096;
const FORM = 'application/x-www-form-urlencoded';

/** Handles one of our addresses for browsers. `params` are the parts of the path. */
export function webHandler(route: WebRoute, onError: (error: unknown) => void) {
  let inFlight = 0;
  return async (
    request: IncomingMessage & { readonly params?: Readonly<Record<string, string>> },
    response: ServerResponse,
  ): Promise<void> => {
    if (inFlight >= MOST_IN_FLIGHT) return send(response, { status: 503 });
    inFlight += 1;
    try {
      const form = route.method === 'POST' ? await readForm(request) : new URLSearchParams();
      if (form) send(response, await route.handle(webRequest(request, form)));
      else send(response, { status: 415 });
    } catch (error) {
      onError(error);
      send(response, { status: 500 });
    } finally {
      inFlight -= 1;
    }
  };
}

function webRequest(
  { url = '', params = {}, headers }: IncomingMessage & { readonly params?: Readonly<Record<string, string>> },
  form: URLSearchParams,
): WebRequest {
  const query = new URL(url, 'http://bot').searchParams;
  return { params, query, form, cookies: headers.cookie ?? '', origin: headers.origin ?? null };
}

/** A plain form of a few hundred bytes, or null for anything else. */
async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const { 'content-type': type = '', 'content-encoding': encoding } = request.headers;
  if (type.split(';')[0]?.trim().toLowerCase() !== FORM || encoding !== undefined) return null;
  let text = '';
  for await (const chunk of request) {
    text += String(chunk);
    if (text.length > MOST_FORM_BYTES) return null;
  }
  return new URLSearchParams(text);
}

/**
 * The addresses carry secrets, so nobody may keep them or be told of them; and no page may put ours into a frame. To
 * ourselves the referrer may go: without it browsers do not say from which origin a form comes.
 */
function send(response: ServerResponse, { status, html = '', location, cookies, styleHash }: WebAnswer): void {
  if (response.headersSent) return;
  const style = styleHash === undefined ? '' : `; style-src '${styleHash}'`;
  response.writeHead(status, {
    ...(html === '' ? {} : { 'content-type': 'text/html; charset=utf-8' }),
    ...(location === undefined ? {} : { location }),
    ...(cookies === undefined ? {} : { 'set-cookie': [...cookies] }),
    'content-length': Buffer.byteLength(html),
    'content-security-policy': `default-src 'none'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'${style}`,
    'cache-control': 'no-store',
    'referrer-policy': 'same-origin',
    'x-content-type-options': 'nosniff',
    'x-robots-tag': 'noindex',
  });
  response.end(html);
}
