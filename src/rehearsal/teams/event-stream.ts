import type { ServerResponse } from 'node:http';
import type { RehearsalRequest } from '../http.ts';
import type { Teams } from './teams.ts';

const HEARTBEAT_MS = 20_000;

/**
 * Keeps a page up to date: every event of the simulated Teams, and the virtual clock at connect and after a jump.
 * One stream carries both, because a browser opens only six connections to one address, over all its tabs.
 */
export function streamEvents(teams: Teams, request: RehearsalRequest, response: ServerResponse): null {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  const { clock } = teams.world;
  const send = (event: unknown): void => {
    response.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  const sendClock = (): void => send({ type: 'clock', nowMs: Math.round(clock.now()), speed: clock.speed });
  const stops = [teams.state.onEvent(send), clock.onChange(sendClock)];
  sendClock();
  const heartbeat = setInterval(() => response.write(': still here\n\n'), HEARTBEAT_MS);
  const end = (): void => {
    for (const stop of stops) stop();
    clearInterval(heartbeat);
    response.end();
  };
  teams.stopping.addEventListener('abort', end, { once: true });
  request.raw.once('close', () => {
    teams.stopping.removeEventListener('abort', end);
    end();
  });
  return null;
}
