import type { ServerResponse } from 'node:http';
import type { VirtualClock } from '../clock.ts';
import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import type { World } from '../world.ts';

const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400 } as const;
const LONGEST_JUMP = 10 * 365 * SECONDS.d;

/** The virtual clock: read it, move it, follow it. */
export function clockRoutes({ clock }: World): Route[] {
  return [
    { method: 'GET', path: '/control/clock', handle: () => json(200, show(clock)) },
    { method: 'POST', path: '/control/clock', handle: (request) => move(clock, request) },
    { method: 'GET', path: '/control/clock/stream', handle: (_request, response) => follow(clock, response) },
  ];
}

function show(clock: VirtualClock): { now: string; nowMs: number; speed: number } {
  const nowMs = Math.round(clock.now());
  return { now: new Date(nowMs).toISOString(), nowMs, speed: clock.speed };
}

function move(clock: VirtualClock, request: RehearsalRequest): RehearsalResponse {
  const { advance, speed } = jsonBody(request);
  const seconds = advance === undefined ? null : secondsFrom(advance);
  if (speed !== undefined && !(typeof speed === 'number' && speed > 0 && speed <= 100_000)) {
    throw new BadRequest('speed must be a number above 0, at most 100000: virtual seconds per real second.');
  }
  if (typeof speed === 'number') clock.setSpeed(speed);
  if (seconds !== null) clock.advance(seconds * 1000);
  return json(200, show(clock));
}

/** Seconds as a number, or a text such as `90s`, `15m`, `2h`, `1d`. */
function secondsFrom(value: unknown): number {
  const { amount, unit = 's' } = /^(?<amount>\d+(\.\d+)?)(?<unit>[smhd])?$/u.exec(String(value))?.groups ?? {};
  const seconds = Number(amount) * (SECONDS[unit as keyof typeof SECONDS] ?? 1);
  if (Number.isFinite(seconds) && seconds <= LONGEST_JUMP) return seconds;
  throw new BadRequest(
    'advance must be seconds (a number) or a text such as "15m", "2h" or "1d"; time never runs back.',
  );
}

function follow(clock: VirtualClock, response: ServerResponse): null {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  const send = (): void => {
    response.write(`data: ${JSON.stringify(show(clock))}\n\n`);
  };
  const stop = clock.onChange(send);
  response.on('close', stop);
  send();
  return null;
}
