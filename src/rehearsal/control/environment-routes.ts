import { json, type Route } from '../http.ts';

/** What the bot merges into its own environment when it rehearses. */
export function environmentRoutes(environment: () => Record<string, string>): Route[] {
  return [{ method: 'GET', path: '/control/environment', handle: () => json(200, environment()) }];
}
