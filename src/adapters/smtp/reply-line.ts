/** An SMTP reply of one or more lines, taken apart. */
export interface ParsedReply {
  readonly code: number;
  readonly enhancedCode: string | null;
  readonly text: string;
}

const maxText = 500;

/** Reads a raw reply; `code` is 0 when it does not start like one. */
export function parseReply(raw: string): ParsedReply {
  const lines = raw
    .split(/\r?\n/u)
    .map((line) => /^(\d{3})?[ -]?(?:([245]\.\d{1,3}\.\d{1,3})(?:\s|$))?(.*)$/u.exec(line));
  const [, code = '0', enhancedCode = null] = lines[0] ?? [];
  const text = lines.map((parts) => (parts?.[3] ?? '').trim()).join(' ');
  return { code: Number(code), enhancedCode, text: oneLine(text) };
}

/** Text from a stranger, safe to keep on one line. */
export function oneLine(text: string): string {
  const printable = text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ');
  return printable.replace(/\s+/gu, ' ').trim().slice(0, maxText);
}
