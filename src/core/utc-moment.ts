/**
 * A moment as the texts of notices carry it, e.g. `2026-11-21 14:05 UTC`: whoever reads it alone gets it in their own
 * zone. Takes any ISO time.
 */
export function utcMoment(iso: string): string {
  return `${new Date(iso).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
