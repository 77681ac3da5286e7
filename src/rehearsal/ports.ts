/** Where the parts of the rehearsal listen; zeros until they do. */
export interface Ports {
  http: number;
  https: number;
  /** Of resolver-1 and resolver-2, UDP and TCP alike. */
  dns: [number, number];
  /** Of the compliance host, which is another service than Exchange. */
  compliance: number;
  /** The same on every simulated mail host. */
  smtp: number;
}

/** The port layout for a base port; 0 takes free ports. */
export function portsFrom(base: number): Ports {
  const at = (offset: number): number => (base === 0 ? 0 : base + offset);
  return { http: at(0), https: at(1), dns: [at(2), at(3)], compliance: at(4), smtp: at(5) };
}
