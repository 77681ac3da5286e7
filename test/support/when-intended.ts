import { vi } from 'vitest';
import type { MemorySwitchyard } from './memory-switchyard.ts';

/** Lets something happen once, between the moment in which the intent of a step is on record and its write. */
export function whenIntended(house: MemorySwitchyard, step: number, happens: () => unknown): void {
  const save = house.store.save.bind(house.store);
  const watched = vi.spyOn(house.store, 'save').mockImplementation(async (next, effects, audit) => {
    const saved = await save(next, effects, audit);
    if (saved && audit?.action === 'step-running' && audit.detail['step'] === step) {
      watched.mockRestore();
      await happens();
    }
    return saved;
  });
}
