import { homeOf } from '../home/home-directory.ts';
import type { World } from '../world.ts';

/** The two places to come back to, as the bot's operator would register them. */
const CALLBACKS = { worker: '/consent/callback', signIn: '/sign-in/callback' } as const;

/**
 * The address to come back to when it is a registered one, compared letter by letter; null for any other. The bot's own
 * are registered, and others by `PUT /control/home`.
 */
export function registeredRedirect(world: World, app: keyof typeof CALLBACKS, given: string | null): URL | null {
  const own = world.botOrigin === undefined ? [] : [`${world.botOrigin}${CALLBACKS[app]}`];
  const registered = [...own, ...homeOf(world).redirectUris];
  return given !== null && registered.includes(given) ? URL.parse(given) : null;
}

/** What Entra shows in place of going to an address that is not registered. */
export function unregisteredRedirect(given: string | null, appId: string): string {
  return `AADSTS50011: The redirect URI '${given ?? ''}' specified in the request does not match the redirect URIs configured for the application '${appId}'.`;
}
