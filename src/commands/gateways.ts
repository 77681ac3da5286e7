import { gateways as catalogue } from '../mail/gateways/index.ts';
import { gatewaysCard } from '../views/gateways.ts';
import type { Command } from './command.ts';

export const gateways: Command = {
  name: 'gateways',
  aliases: ['catalogue'],
  phrase: 'gateways',
  summary: 'Shows the gateways I know, with their addresses.',
  run: () => Promise.resolve({ card: gatewaysCard({ gateways: catalogue }) }),
};
