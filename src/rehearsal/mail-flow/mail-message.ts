export const messageTypes = [
  'OOF',
  'AutoForward',
  'Encrypted',
  'Calendaring',
  'PermissionControlled',
  'Voicemail',
  'Signed',
  'ApprovalRequest',
  'ReadReceipt',
] as const;

export type MessageType = (typeof messageTypes)[number];

export const contents = ['clean', 'spam', 'likely-phish', 'phish', 'malware'] as const;

/** What else filtering can see in a message, as a perfect filter would. */
export interface Traits {
  /** Links in its text. */
  readonly urls: readonly string[];
  /** SHA-256 of what is attached, as hexadecimal digits. */
  readonly files: readonly string[];
  /** The address or domain that its author is made to look like; null for nobody. */
  readonly resembles: string | null;
  /** How much of a mass mailing it is, 0 to 9. */
  readonly bulk: number;
}

export const noTraits: Traits = { urls: [], files: [], resembles: null, bulk: 0 };

export interface Header {
  readonly name: string;
  readonly value: string;
}

/** One message on its way to one recipient. */
export interface MailMessage {
  /** Message-ID, the same on every hop. */
  readonly id: string;
  /** Envelope sender; empty for bounces and automatic replies. */
  readonly from: string;
  readonly headerFrom: string;
  readonly to: string;
  /** Everybody the message went to, whoever this copy is for. */
  readonly recipients: readonly string[];
  readonly subject: string;
  /** Octets. */
  readonly size: number;
  readonly type: MessageType | null;
  /** What a perfect filter would say. */
  readonly content: (typeof contents)[number];
  readonly traits: Traits;
  readonly headers: readonly Header[];
  /** Public addresses of the servers that passed it on, oldest first. */
  readonly hops: readonly string[];
  /** The domain whose signature still verifies, or null. */
  readonly dkim: string | null;
  /** The last seal of those that passed it on (ARC); null without one, or once somebody broke it. */
  readonly arc: Seal | null;
}

/** What a server says of a message it passes on. */
export interface Seal {
  readonly sealer: string;
  /** The author's domain vouched for it when it came there. */
  readonly isGenuine: boolean;
}

/** How a message comes to an organisation. */
export type Arrival =
  | { readonly by: 'submission' }
  | {
      readonly by: 'smtp';
      readonly source: string;
      readonly tls: boolean;
      /** Names in the certificate that the sending server showed. */
      readonly certificate: readonly string[];
    };

/** The part after the last @, lower case; empty for the null sender. */
export function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1).toLowerCase();
}

export function headerValues(message: MailMessage, name: string): string[] {
  const wanted = name.toLowerCase();
  return message.headers.filter((header) => header.name.toLowerCase() === wanted).map(({ value }) => value);
}

/** The message with a header that replaces others of its name. */
export function withHeader(message: MailMessage, name: string, value: string): MailMessage {
  const { headers } = withoutHeaders(message, [name]);
  return { ...message, headers: [...headers, { name, value }] };
}

export function withoutHeaders(message: MailMessage, names: readonly string[]): MailMessage {
  const gone = new Set(names.map((name) => name.toLowerCase()));
  return { ...message, headers: message.headers.filter(({ name }) => !gone.has(name.toLowerCase())) };
}
