/** How a simulated mail host behaves towards everyone who connects. */
export const smtpBehaviours = [
  'normal',
  'silent',
  'refuse',
  'tarpit',
  'no-starttls',
  'wrong-certificate',
  'self-signed',
  'busy',
  'tls-required',
] as const;

export type SmtpBehaviour = (typeof smtpBehaviours)[number];
