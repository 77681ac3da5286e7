/** What the administrator's browser shows after coming back from Microsoft. */
export interface ConsentPage {
  readonly status: number;
  readonly html: string;
}

/** A page of fixed words: nothing that came with the address is ever shown. */
export function consentPage(
  { status, isRehearsal }: { readonly status: number; readonly isRehearsal: boolean },
  title: string,
  sentences: readonly string[],
): ConsentPage {
  const mark = isRehearsal ? 'REHEARSAL – ' : '';
  const paragraphs = sentences.map((sentence) => `<p>${escaped(sentence)}</p>`).join('');
  const html =
    '<!doctype html><html lang="en"><head><meta charset="utf-8">' +
    '<meta name="viewport" content="width=device-width, initial-scale=1">' +
    `<title>${mark}Switchyard – ${escaped(title)}</title></head>` +
    `<body><main><h1>${mark}${escaped(title)}</h1>${paragraphs}<p>You can close this window.</p></main></body></html>\n`;
  return { status, html };
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/gu, (character) => `&#${character.codePointAt(0)};`);
}
