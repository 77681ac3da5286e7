/** One step of the database's history. A released one is never edited. */
export interface Migration {
  /** Number and subject, e.g. `0001-first-tables`; the number gives the order. */
  readonly name: string;
  readonly sql: string;
}
