import type { Warning } from '../../core/workflow.ts';
import { refusesAllOf } from '../../mail/routing/restricts.ts';
import type { InboundConnector } from '../../ports/exchange-online.ts';

/** That a refusal proves less where another connector refuses the same: Office 365 does not say which one it was. */
export function otherLockNotices(others: readonly InboundConnector[], domain: string): Warning[] {
  return others
    .filter((other) => refusesAllOf(other, domain))
    .map(({ Name }) => ({
      level: 'notice',
      text: `${Name} refuses direct delivery already, and Office 365 does not say which connector refused: the proof that direct delivery to ${domain} is refused cannot tell the two locks apart.`,
    }));
}
