import { MemorySwitchyard } from './memory-switchyard.ts';

export const setUp = 'set up gateway exchangedefender for contoso.com';
export const connectorName = 'Switchyard - Inbound from ExchangeDefender';

export type Story = 'set-up-gateway' | 'lock-down' | 'unlock';

export const sentences: Readonly<Record<Story, string>> = {
  'set-up-gateway': setUp,
  'lock-down': 'lock down contoso.com',
  unlock: 'unlock contoso.com',
};

/** A house in which the story can be told next. */
export async function houseFor(story: Story): Promise<MemorySwitchyard> {
  const house = new MemorySwitchyard();
  if (story !== 'set-up-gateway') {
    await house.carryThrough(setUp);
    house.moveMx();
  }
  if (story === 'unlock') await house.carryThrough(sentences['lock-down']);
  house.world.exchange.invoked.length = 0;
  return house;
}
