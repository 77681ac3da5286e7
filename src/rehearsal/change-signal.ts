/** Tells whoever listens that a part of the world is no longer what it was. */
export class ChangeSignal {
  readonly #listeners = new Set<() => void>();

  /** Returns the way to stop listening. */
  onChange(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  changed(): void {
    for (const listener of this.#listeners) listener();
  }
}
