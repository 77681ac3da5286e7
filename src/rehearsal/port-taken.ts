/** The simulated cloud could not listen on a port that it needs. */
export class PortTaken extends Error {
  override readonly name = 'PortTaken';
  readonly code = 'rehearsal-port-taken';

  constructor(port: unknown, cause: unknown) {
    super(
      `Port ${String(port)} is in use, so the rehearsal cannot start. Stop the program that uses it, ` +
        'or set REHEARSAL_PORT to another number (it and the five after it must be free).',
      { cause },
    );
  }

  /** Recognises the operating system's "address in use" in whatever a listener threw. */
  static from(error: unknown): PortTaken | null {
    if (!(error instanceof Error && 'code' in error && error.code === 'EADDRINUSE')) return null;
    return new PortTaken('port' in error ? error.port : 'of the rehearsal', error);
  }
}
