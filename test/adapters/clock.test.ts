import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { connectRehearsalClock } from '../../src/adapters/clock/rehearsal-clock.ts';
import { plusSeconds } from '../../src/core/clock.ts';
import { eventually } from '../support/eventually.ts';

const start = Date.UTC(2026, 0, 1);
const closing: (() => PromiseLike<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** The two clock addresses of a rehearsal, with time that only moves when the test says so. */
async function clockServer(port = 0) {
  const streams = new Set<ServerResponse>();
  let reading = { nowMs: start, speed: 0.001 };
  const line = () => `data: ${JSON.stringify(reading)}\n\n`;
  const server = createServer((request, response) => {
    if (request.url === '/control/clock') {
      response.end(JSON.stringify(reading));
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' }).write(line());
    streams.add(response);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  closing.push(close);
  const set = (nowMs: number, speed = reading.speed): void => {
    reading = { nowMs, speed };
    for (const stream of streams) stream.write(line());
  };
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, set, close, streams };
}

async function follow(url: string) {
  const clock = await connectRehearsalClock(url);
  closing.push(() => clock[Symbol.asyncDispose]());
  return clock;
}

describe('adapters/clock/rehearsal-clock', () => {
  it('wakes a wait of days when time jumps past it', async () => {
    const server = await clockServer();
    const clock = await follow(server.url);
    await eventually(() => server.streams.size === 1);
    let isOver = false;
    const waiting = clock.until(plusSeconds(clock.now(), 3 * 86_400)).then(() => {
      isOver = true;
    });
    server.set(start + 2 * 86_400_000);
    await eventually(() => clock.now().getTime() >= start + 2 * 86_400_000);
    expect(isOver).toBe(false);
    server.set(start + 3 * 86_400_000 + 1000);
    await waiting;
    expect(clock.now().getTime()).toBeGreaterThanOrEqual(start + 3 * 86_400_000);
  });

  it('runs at the speed that was reported', async () => {
    const server = await clockServer();
    server.set(start, 1000);
    const clock = await follow(server.url);
    const began = performance.now();
    await clock.until(new Date(start + 100_000));
    expect(performance.now() - began).toBeLessThan(2000);
    expect(clock.speed).toBe(1000);
  });

  it('rejects with the reason of the signal', async () => {
    const server = await clockServer();
    const clock = await follow(server.url);
    const abort = new AbortController();
    const waiting = clock.until(new Date(start + 86_400_000), abort.signal);
    abort.abort(new Error('stop now'));
    await expect(waiting).rejects.toThrow('stop now');
  });

  it('connects again after the rehearsal was restarted', async () => {
    const first = await clockServer();
    const clock = await follow(first.url);
    await eventually(() => first.streams.size === 1);
    await first.close();
    const second = await clockServer(Number(new URL(first.url).port));
    second.set(start + 7 * 86_400_000);
    await eventually(() => clock.now().getTime() >= start + 7 * 86_400_000);
  });
});
