/** What a mail host says to one command; `text` starts with the enhanced status code. */
export interface SmtpReply {
  readonly code: number;
  readonly text: string;
}

export const accepted: SmtpReply = { code: 250, text: '2.1.5 Recipient OK' };

/** `550 5.7.51`, the short form in which the journal keeps a reply. */
export function summary({ code, text }: SmtpReply): string {
  return `${code} ${/^\d\.\d+\.\d+/u.exec(text)?.[0] ?? ''}`.trim();
}
