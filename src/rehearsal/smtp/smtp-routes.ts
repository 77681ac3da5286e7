import { isIPv4 } from 'node:net';
import { BadRequest, json, jsonBody, type RehearsalRequest, type RehearsalResponse, type Route } from '../http.ts';
import { type Flow, submitMail } from '../mail-flow/mail-flow.ts';
import { domainOf } from '../mail-flow/mail-message.ts';
import { showJourney } from '../mail-flow/show-journey.ts';
import { tenantOfDomain, type World } from '../world.ts';
import { deliver } from './deliver.ts';
import { flowChanges, showScanners } from './flow-changes.ts';
import { mailHosts } from './mail-hosts.ts';
import { mailRequest } from './mail-request.ts';
import { namedReplies } from './named-replies.ts';
import { smtpBehaviours } from './smtp-behaviour.ts';
import { sources } from './smtp-data.ts';
import type { SmtpReply } from './smtp-reply.ts';

/** The control API's hand on the mail hosts. */
export function smtpRoutes(world: World): Route[] {
  return [
    { method: 'GET', path: '/control/smtp', handle: () => json(200, describe(world)) },
    { method: 'PUT', path: '/control/smtp', handle: (request) => change(world, request) },
    { method: 'POST', path: '/control/mail', handle: (request) => mail(world, request) },
  ];
}

export function resetSmtp(world: World): void {
  world.smtp.reset();
}

function describe(world: World): Record<string, unknown> {
  const { smtp } = world;
  return {
    port: world.ports.smtp,
    hosts: mailHosts.map(({ role, address }) => ({
      role,
      address,
      behaviour: smtp.behaviour(address),
      serves: [...(smtp.served.get(address) ?? [])],
    })),
    egress: Object.fromEntries(smtp.egress),
    replies: Object.fromEntries(smtp.replies),
    recipientFirst: smtp.recipientFirst,
    lockAfterData: smtp.lockAfterData,
    flow: smtp.flow,
    scanners: showScanners(world),
    dane: Object.fromEntries(smtp.dane),
    mtaSts: Object.fromEntries(smtp.mtaSts),
    lagSeconds: smtp.lagSeconds,
  };
}

type Change = () => void;

/** Everything is checked before anything is changed. */
function change(world: World, request: RehearsalRequest): RehearsalResponse {
  const body = jsonBody(request);
  const changes = [
    ...hostChanges(world, body),
    ...egressChanges(world, body['egress']),
    ...replyChanges(world, body['replies']),
    ...edgeChanges(world, body),
    ...flowChanges(world, body),
  ];
  for (const apply of changes) apply();
  world.smtp.changes.changed();
  return json(200, describe(world));
}

function hostChanges(world: World, body: Record<string, unknown>): Change[] {
  const { behaviour, serves } = body;
  if (behaviour === undefined && serves === undefined) return [];
  const address = addressOf(world, body['host'] ?? body['address']);
  const wanted = smtpBehaviours.find((known) => known === behaviour);
  if (behaviour !== undefined && !wanted)
    throw new BadRequest(`behaviour must be one of ${smtpBehaviours.join(', ')}.`);
  const domains = serves === undefined ? null : textList(serves, 'serves must be a list of domains.');
  return [
    () => {
      if (wanted) world.smtp.behaviours.set(address, wanted);
      if (domains) world.smtp.served.set(address, new Set(domains.map((domain) => domain.toLowerCase())));
    },
  ];
}

/** A host is named by its role, its listening address or any name that has this address. */
function addressOf(world: World, host: unknown): string {
  if (typeof host === 'string') {
    const addresses = [host, ...world.dns.authority(host, 'A').map((record) => record.data)];
    const known = mailHosts.find(({ role, address }) => role === host || addresses.includes(address));
    if (known) return known.address;
  }
  const roles = mailHosts.map(({ role }) => role).join(', ');
  throw new BadRequest(`host must be one of ${roles}, or the name or address of one.`);
}

function egressChanges(world: World, value: unknown): Change[] {
  const entries = Object.entries(optionalObject(value, 'egress must be an object of sender and public address.'));
  return entries.map(([sender, address]) => {
    const loopback = Object.entries(sources).find(([name]) => name === sender)?.[1] ?? sender;
    if (!isIPv4(loopback)) throw new BadRequest(`Unknown sender ${sender}: ${Object.keys(sources).join(', ')}.`);
    if (typeof address !== 'string' || !isIPv4(address)) throw new BadRequest(`${sender}: not an IPv4 address.`);
    return () => world.smtp.egress.set(loopback, address);
  });
}

/** `replies` is `{"contoso.com": "451 4.3.2 …"}`, or the name of a reply; null takes the tenant's own answer again. */
function replyChanges(world: World, value: unknown): Change[] {
  const entries = Object.entries(optionalObject(value, 'replies must be an object of recipient and reply.'));
  return entries.map(([recipient, text]) => {
    const key = recipient.toLowerCase();
    if (text === null) return () => world.smtp.replies.delete(key);
    const reply = replyFrom(text);
    return () => world.smtp.replies.set(key, reply);
  });
}

function replyFrom(text: unknown): SmtpReply {
  const named = Object.entries(namedReplies).find(([name]) => name === text)?.[1];
  if (named) return named;
  const found = typeof text === 'string' ? /^([245]\d\d) ([ -~]+)$/u.exec(text) : null;
  if (!found) {
    const names = Object.keys(namedReplies).join(', ');
    throw new BadRequest(`A reply looks like "451 4.3.2 Temporary server error", or is one of ${names}.`);
  }
  return { code: Number(found[1]), text: found[2] ?? '' };
}

function edgeChanges(world: World, { recipientFirst, lockAfterData, lagSeconds }: Record<string, unknown>): Change[] {
  for (const [name, value] of Object.entries({ recipientFirst, lockAfterData })) {
    if (value !== undefined && typeof value !== 'boolean') throw new BadRequest(`${name} must be true or false.`);
  }
  if (lagSeconds !== undefined && !(typeof lagSeconds === 'number' && lagSeconds >= 0)) {
    throw new BadRequest('lagSeconds must be a number that is not negative.');
  }
  return [
    () => {
      if (typeof recipientFirst === 'boolean') world.smtp.recipientFirst = recipientFirst;
      if (typeof lockAfterData === 'boolean') world.smtp.lockAfterData = lockAfterData;
      world.smtp.lagSeconds = lagSeconds ?? world.smtp.lagSeconds;
    },
  ];
}

async function mail(world: World, request: RehearsalRequest): Promise<RehearsalResponse> {
  const wanted = mailRequest(jsonBody(request));
  const { message, via, by, autoReply } = wanted;
  if (via !== 'user') {
    const hops = await deliver(world, { ...wanted, via });
    const last = hops.at(-1);
    const flow = world.smtp.flows.get(message.id);
    return json(200, { accepted: last?.accepted ?? false, reply: last?.reply ?? '', hops, ...shown(flow) });
  }
  const tenant = tenantOfDomain(world, domainOf(by));
  if (!tenant) throw new BadRequest(`${by} is no user of an organisation here.`);
  return json(200, { accepted: true, reply: '', hops: [], ...shown(submitMail(world, tenant, message, autoReply)) });
}

/** What mail flow made of it, once it was let in. */
function shown(flow: Flow | undefined): Record<string, unknown> {
  if (!flow) return {};
  const { message, answer } = flow;
  return { ...showJourney(message), ...(answer ? { answer: showJourney(answer) } : {}) };
}

function optionalObject(value: unknown, message: string): Record<string, unknown> {
  if (value === undefined) return {};
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new BadRequest(message);
  return { ...value };
}

function textList(value: unknown, message: string): string[] {
  const list: unknown[] = Array.isArray(value) ? value : [];
  const texts = list.filter((entry) => typeof entry === 'string');
  if (!Array.isArray(value) || texts.length < list.length) throw new BadRequest(message);
  return texts;
}
