interface Entry<Value> {
  readonly value: Value;
  readonly until: number;
}

/** A bounded memory: entries leave when their time is over, or, when it is full, oldest first. */
export class Recent<Value> {
  readonly #entries = new Map<string, Entry<Value>>();
  readonly #limit: number;
  readonly #keepMs: number;

  constructor(options: { limit: number; keepMs: number }) {
    this.#limit = options.limit;
    this.#keepMs = options.keepMs;
  }

  get(key: string): Value | undefined {
    const entry = this.#entries.get(key);
    if (!entry) return undefined;
    if (entry.until > Date.now()) return entry.value;
    this.#entries.delete(key);
    return undefined;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  set(key: string, value: Value, until: number = Date.now() + this.#keepMs): void {
    this.#entries.delete(key);
    this.#entries.set(key, { value, until });
    if (this.#entries.size <= this.#limit) return;
    const [oldest] = this.#entries.keys();
    if (oldest !== undefined) this.#entries.delete(oldest);
  }

  delete(key: string): void {
    this.#entries.delete(key);
  }

  clear(): void {
    this.#entries.clear();
  }
}
