import type { MemorySwitchyard } from './memory-switchyard.ts';

/** Lets something happen once, as soon as a step of a run is on record as this, e.g. before its write: `step-running`. */
export function whenOnRecord(
  { store }: MemorySwitchyard,
  action: 'step-running' | 'step-done',
  step: number,
  happens: () => unknown,
): void {
  const save = store.save.bind(store);
  let hasHappened = false;
  store.save = async (next, effects, audit) => {
    const saved = await save(next, effects, audit);
    if (saved && !hasHappened && audit?.action === action && audit.detail['step'] === step) {
      hasHappened = true;
      await happens();
    }
    return saved;
  };
}
