/**
 * Envelope sender of probes. It must be outside every domain of the tenant, because Exchange Online judges its own
 * domains by other rules (Direct Send); `example.net` belongs to nobody (RFC 2606 §3).
 */
export const PROBE_SENDER = 'switchyard-probe@example.net';
