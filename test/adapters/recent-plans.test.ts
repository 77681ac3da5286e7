import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Worlds } from '../../src/adapters/recent/worlds.ts';
import { type FakeWorld, fakeWorld } from '../support/fake-world.ts';

const name = 'Gateway';
const set = { cmdlet: 'Set-InboundConnector', parameters: { Identity: name, Comment: 'new' } };

let now: number;
let worlds: Worlds;
let outside: FakeWorld;

beforeEach(() => {
  now = 1_000_000;
  worlds = new Worlds(() => (now += 0.001));
  outside = fakeWorld({ connectors: [{ Name: name }] });
});

describe('adapters/recent: a plan', () => {
  it('is made from one picture, however long it takes, and the next one from a new picture', async () => {
    const list = vi.spyOn(outside.exchange, 'list');
    const planning = worlds.forPlanning(outside, 'new');
    await planning.exchange.list('Get-InboundConnector');
    now += 30_000;
    await planning.exchange.get('Get-InboundConnector', name);
    await planning.exchange.list('Get-InboundConnector');
    expect(list).toHaveBeenCalledTimes(1);
    await worlds.forPlanning(outside, 'new').exchange.list('Get-InboundConnector');
    expect(list).toHaveBeenCalledTimes(2);
  });

  it('that begins a run takes what its confirmation has just read, but only for seconds', async () => {
    const list = vi.spyOn(outside.exchange, 'list');
    await worlds.forPlanning(outside, 'new').exchange.list('Get-InboundConnector');
    await worlds.forPlanning(outside, 'recent').exchange.list('Get-InboundConnector');
    expect(list).toHaveBeenCalledTimes(1);
    now += 5010;
    await worlds.forPlanning(outside, 'recent').exchange.list('Get-InboundConnector');
    expect(list).toHaveBeenCalledTimes(2);
  });

  it('cannot write', async () => {
    const { exchange } = worlds.forPlanning(outside, 'new');
    await expect(exchange.invoke(set)).rejects.toThrow('Planning never writes.');
    await expect(exchange.restore(set)).rejects.toThrow('Planning never writes.');
    expect(outside.exchange.invoked).toEqual([]);
  });
});
