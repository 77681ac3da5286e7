import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type Certificate, issueCertificate } from './certificates.ts';
import { complianceRoutes } from './compliance/compliance-routes.ts';
import { controlRoutes } from './control/control-routes.ts';
import { dnsRoutes } from './dns/dns-routes.ts';
import { startDns } from './dns/dns-server.ts';
import { adminConsentRoutes } from './entra/admin-consent.ts';
import { authorizeRoutes } from './entra/authorize.ts';
import { entraRoutes } from './entra/entra-routes.ts';
import { managedIdentityRoutes } from './entra/managed-identity.ts';
import { exchangeRoutes } from './exchange/exchange-routes.ts';
import { graphRoutes } from './graph/graph-routes.ts';
import { listener } from './http.ts';
import { pageRoutes } from './page-routes.ts';
import { PortTaken } from './port-taken.ts';
import { smtpRoutes } from './smtp/smtp-routes.ts';
import { startSmtp } from './smtp/smtp-server.ts';
import { startTeams, teamsRoutes } from './teams/routes.ts';
import { serviceUrl, type World } from './world.ts';

const HOST = '127.0.0.1';
const CLOUD_NAMES = ['localhost', HOST];

type Stop = () => Promise<void>;

/** Opens every port of the rehearsal and writes the real numbers into `world.ports`; answers the way to close all. */
export async function listenEverywhere(
  world: World,
  setup: { authority: Certificate; environment: () => Record<string, string>; botEndpoint: string },
): Promise<Stop> {
  const { authority, environment, botEndpoint } = setup;
  const open: Stop[] = [];
  const stop = async (): Promise<void> => {
    await Promise.all(open.splice(0).map((close) => close()));
  };
  const teams = teamsRoutes(world);
  try {
    const certificate = await issueCertificate(authority, CLOUD_NAMES);
    const cloud = listener([...teams.https, ...exchangeRoutes(world), ...graphRoutes(world), ...entraRoutes(world)]);
    world.ports.https = await bind(createHttpsServer(certificate, cloud), world.ports.https, open);
    const compliance = createHttpsServer(certificate, listener(complianceRoutes(world)));
    world.ports.compliance = await bind(compliance, world.ports.compliance, open);
    await openDns(world, open);
    const smtp = await startSmtp(world, { port: world.ports.smtp, authority });
    open.push(() => smtp.stop());
    world.ports.smtp = smtp.port;
    const front = listener([
      ...controlRoutes(world, environment),
      ...dnsRoutes(world),
      ...smtpRoutes(world),
      ...teams.http,
      ...adminConsentRoutes(world, '/entra'),
      ...authorizeRoutes(world, '/entra'),
      ...managedIdentityRoutes(world),
      ...pageRoutes(),
    ]);
    world.ports.http = await bind(createHttpServer(front), world.ports.http, open);
    const deliveries = startTeams(world, { serviceUrl: serviceUrl(world), botEndpoint });
    open.push(async () => deliveries.stop());
    return stop;
  } catch (error) {
    await stop();
    throw PortTaken.from(error) ?? error;
  }
}

async function openDns(world: World, open: Stop[]): Promise<void> {
  const [first, second] = world.ports.dns;
  const dns = await startDns(world, [
    { name: 'resolver-1', port: first },
    { name: 'resolver-2', port: second },
  ]);
  open.push(() => dns.stop());
  world.ports.dns = [dns.listeners[0]?.port ?? first, dns.listeners[1]?.port ?? second];
}

async function bind(server: Server, port: number, open: Stop[]): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, HOST, () => {
      server.off('error', reject);
      resolve();
    });
  });
  open.push(
    () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const address = server.address();
  return typeof address === 'object' && address ? address.port : port;
}
