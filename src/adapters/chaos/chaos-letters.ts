import type { RequestStore } from '../../core/store.ts';
import type { Letter, LetterBox, LetterStore } from '../../ports/letters.ts';
import type { Failpoints } from './failpoints.ts';
import { withPoints } from './with-points.ts';

/** Failpoints around the two moments of a letter: it is noted that it is being sent, and that it has been. */
export function chaosLetters(failpoints: Failpoints, letters: LetterStore, store: RequestStore): LetterStore {
  return {
    add: (some) => letters.add(some),
    take: async (now) => {
      const box = await letters.take(now);
      for (const letter of box?.letters ?? []) {
        const request = await store.get(letter.notice.requestId);
        if (request) failpoints.know(request);
      }
      return box && withPoints<LetterBox>(failpoints, box, { begin: pointOf('sending'), done: pointOf('settling') });
    },
  };
}

function pointOf(what: string) {
  return ([first]: readonly Letter[]) => ({
    name: `${what} notice ${first?.notice.kind ?? ''} to ${first?.audience ?? ''}`,
    ...(first ? { requestId: subjectOf(first) } : {}),
  });
}

/** What belongs to a consent link has its name at the head of the key. */
function subjectOf({ key, notice }: Letter): string {
  return /^consent:[0-9a-f]+/u.exec(key)?.[0] ?? notice.requestId;
}
