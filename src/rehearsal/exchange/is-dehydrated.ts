import type { CmdletContext } from './cmdlet.ts';
import { dehydrated } from './exchange-error.ts';
import { isOn } from './exchange-object.ts';

/** Policies of an organisation that was never customised cannot be written, nor for a while after it was. */
export function insistOnCustomization({ tenant, now }: CmdletContext): void {
  const [acting] = tenant.effective('organizationConfig', now);
  if (tenant.switches.isDehydrated || (acting && isOn(acting, 'IsDehydrated'))) throw dehydrated();
}
