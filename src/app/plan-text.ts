import { InvalidInputError } from '../core/errors.ts';
import type { KeptPlan } from '../core/kept-plan.ts';
import type { ProvisioningRequest } from '../core/request.ts';
import { planMarkdown } from '../views/plan-markdown.ts';

/** One plan of a request for the command line: `plan` counts from 1, default the last one; `json` gives data. */
export function planText(
  request: ProvisioningRequest,
  kept: readonly KeptPlan[],
  { plan: wanted, json = false }: { readonly plan?: string | undefined; readonly json?: boolean | undefined },
): string {
  const chosen = wanted === undefined ? kept.at(-1) : kept.find(({ version }) => String(version) === wanted);
  if (!chosen) {
    const versions = kept.map(({ version }) => version).join(', ');
    throw new InvalidInputError(`${request.id} has no ${wanted === undefined ? 'plan yet' : `plan ${wanted}`}.`, {
      operation: 'show a plan',
      next: versions === '' ? 'Its card says what became of it.' : `Its plans are ${versions}.`,
    });
  }
  return json ? `${JSON.stringify(chosen, null, 2)}\n` : planMarkdown(request, chosen);
}
