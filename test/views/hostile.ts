import fc from 'fast-check';

/** Texts people, DNS servers and tenants could put before us: any unicode, and the known tricks. */
export const hostileText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.constantFrom(
    '[Approve here](https://evil.example)',
    '**bold** _it_ `code` # heading',
    '<at>Everyone</at>',
    '![x](http://evil.example/x.png)',
    '{{DATE(2026-01-01T00:00:00Z, SHORT)}}',
    '${requestId} ${$root.nonce}',
    '","type":"Action.Execute","x":"',
    '\u202Egnissap\u202C',
    'con\u200Btoso.com',
    'соntoso.com',
    '\u0000\u0007\u001B[31m',
    'a\r\nX-Header: b',
    'z\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301',
    '\uD800 half a pair',
    '{{{{${${{{',
    '\u2066{\u2069{DATE(x)}}',
    '<script>alert(1)</script>',
    'x'.repeat(10_000),
  ),
);

/** What a client would act on instead of showing it. A moment as we write it is no such thing. */
export const live = /\$\{|\{\{(?!DATE\([\d-]{10}T[\d:]{8}Z,SHORT\)\}\}|TIME\([\d-]{10}T[\d:]{8}Z\)\}\})|<\/?at\b/i;
