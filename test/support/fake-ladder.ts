import type { AccessLadder, LadderView } from '../../src/ports/access-ladder.ts';

/** A tenant that lets us in all the way, unless told otherwise. */
export const ready: LadderView = {
  rungs: { consent: 'yes', permission: 'yes', role: 'yes', read: 'yes' },
  what: 'Exchange Online answered with the accepted domains of this tenant.',
  next: '',
  domains: ['contoso.com'],
  beside: '',
};

/** Shows what it is told to show. */
export class FakeLadder implements AccessLadder {
  view: LadderView = ready;

  async climb(): Promise<LadderView> {
    return this.view;
  }
}
