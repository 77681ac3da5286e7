import { readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { json, type RehearsalResponse, type Route } from './http.ts';

const FOLDER = fileURLToPath(new URL('./page/', import.meta.url));
const RENDERER = createRequire(import.meta.url).resolve('adaptivecards/dist/adaptivecards.min.js');

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
};

/** Nothing from elsewhere, no inline script, and no page may put this one into a frame. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** The Teams page: one document and its modules, styles and host configs. */
export function pageRoutes(): Route[] {
  const files = new Set(readdirSync(FOLDER));
  return [
    { method: 'GET', path: '/', handle: () => file(join(FOLDER, 'index.html')) },
    { method: 'GET', path: '/page/adaptivecards.min.js', handle: () => file(RENDERER) },
    {
      method: 'GET',
      path: '/page/:name',
      handle: ({ params: { name = '' } }) =>
        files.has(name) ? file(join(FOLDER, name)) : json(404, { error: `The page has no file ${name}.` }),
    },
  ];
}

async function file(path: string): Promise<RehearsalResponse> {
  return {
    status: 200,
    headers: {
      'content-type': TYPES[extname(path)] ?? 'application/octet-stream',
      'content-security-policy': POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
    body: await readFile(path),
  };
}
