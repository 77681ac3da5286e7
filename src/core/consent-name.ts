import { sha256 } from './json.ts';

/** How a consent link is called where no secret belongs, such as the audit trail: its id is half of the secret. */
export function consentName(id: string): string {
  return `consent:${sha256(id).slice(0, 12)}`;
}
