/** How somebody reads, as far as their client says. */
export interface Reader {
  /** BCP 47, e.g. `de-DE`; null when unknown. */
  readonly locale: string | null;
  /** IANA, e.g. `Europe/Berlin`; null when unknown. */
  readonly timeZone: string | null;
}
