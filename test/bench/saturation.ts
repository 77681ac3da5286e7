import autocannon from 'autocannon';

const CONNECTIONS = 8;

/** How many answers per second a bot gives when eight callers never pause. Every copy of the activity has its own id. */
export async function requestsPerSecond(
  url: string,
  headers: Readonly<Record<string, string>>,
  activity: Readonly<Record<string, unknown>>,
  seconds: number,
): Promise<number> {
  const body = JSON.stringify({ ...activity, id: 'f:[<id>]' });
  const result = await autocannon({
    url,
    method: 'POST',
    headers: { ...headers },
    body,
    idReplacement: true,
    connections: CONNECTIONS,
    duration: seconds,
  });
  const failed = result.non2xx + result.errors;
  if (failed > 0) throw new Error(`${failed} of ${result.requests.total} clicks failed at saturation.`);
  return result.requests.average;
}
