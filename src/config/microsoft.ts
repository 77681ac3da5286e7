import { type Cloud, cloudNames, clouds, type Service } from './clouds.ts';
import type { Config, Mode } from './config.ts';
import type { Variables } from './variables.ts';

/** With what the worker registration proves itself. A secret is in {@link Secrets}. */
export type WorkerProofKind =
  | { readonly kind: 'managed-identity'; readonly clientId: string; readonly audience: string }
  | { readonly kind: 'certificate'; readonly file: string }
  | { readonly kind: 'secret' };

/** Where Microsoft's services are. */
export function readCloud(
  variables: Variables,
  mode: Mode,
): Pick<Config, 'entra' | 'exchange' | 'compliance' | 'graph'> {
  const cloud = cloudOf(variables);
  const exchange = {
    baseUrl: variables.httpsUrl('EXCHANGE_BASE_URL', cloud.exchange.baseUrl),
    scope: variables.text('EXCHANGE_SCOPE') || cloud.exchange.scope,
  };
  // A rehearsal must never reach the real cloud, also where it does not say where its own is.
  const usual = (service: Service): string => (mode === 'rehearsal' ? exchange.baseUrl : service.baseUrl);
  return {
    entra: readEntra(variables, mode, cloud.authority),
    exchange,
    compliance: {
      baseUrl: variables.httpsUrl('COMPLIANCE_BASE_URL', usual(cloud.compliance)),
      scope: variables.text('COMPLIANCE_SCOPE') || cloud.compliance.scope,
    },
    graph: {
      baseUrl: variables.httpsUrl('GRAPH_BASE_URL', usual(cloud.graph)),
      scope: variables.text('GRAPH_SCOPE') || cloud.graph.scope,
    },
  };
}

/** A browser does not know the certificate of the rehearsal, which therefore takes consent over plain http. */
function readEntra(variables: Variables, mode: Mode, usual: string): Config['entra'] {
  const authority = variables.httpsUrl('ENTRA_AUTHORITY', usual);
  const given = variables.text('ENTRA_CONSENT_URL');
  if (given === '') return { authority, consentUrl: authority };
  const isPlain = mode === 'rehearsal' && given.startsWith('http://');
  const consentUrl = isPlain ? variables.localUrl('ENTRA_CONSENT_URL') : variables.httpsUrl('ENTRA_CONSENT_URL');
  return { authority, consentUrl: consentUrl ?? authority };
}

/** Exactly one of three: two would leave open which of them is used and which may be withdrawn. */
export function readWorkerProof(variables: Variables): WorkerProofKind {
  const names = ['WORKER_MANAGED_IDENTITY', 'WORKER_CERTIFICATE_FILE', 'WORKER_APP_SECRET'] as const;
  const given = names.filter((name) => variables.text(name) !== '');
  if (given.length === 0)
    variables.fault('WORKER_APP_SECRET', `is missing, as are ${names.slice(0, 2).join(' and ')}.`);
  if (given.length > 1) variables.fault(given[1] ?? names[1], `must not be set beside ${given[0]}: choose one.`);
  const file = variables.optional('WORKER_CERTIFICATE_FILE');
  if (given[0] === 'WORKER_MANAGED_IDENTITY') {
    const { federationAudience } = cloudOf(variables);
    return {
      kind: 'managed-identity',
      clientId: variables.guid('WORKER_MANAGED_IDENTITY'),
      audience: federationAudience,
    };
  }
  return file === null ? { kind: 'secret' } : { kind: 'certificate', file };
}

function cloudOf(variables: Variables): Cloud {
  return clouds[variables.choice('MICROSOFT_CLOUD', cloudNames)];
}
