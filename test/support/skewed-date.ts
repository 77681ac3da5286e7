// The clock of a machine that is set wrong, and set again while a program runs. Imported before everything else.

const right = Date.now;
const RightDate = Date;
let skewMs = Number(process.env['CLOCK_SKEW_MS'] ?? 0);

class SkewedDate extends RightDate {
  constructor(...given: ConstructorParameters<typeof Date> | []) {
    if (given.length === 0) super(right() + skewMs);
    else super(...given);
  }

  static override now(): number {
    return right() + skewMs;
  }
}

globalThis.Date = SkewedDate as DateConstructor;

/** Sets the machine's clock. */
export function setSkew(milliseconds: number): void {
  skewMs = milliseconds;
}
