import { createServer, request as sendHttp } from 'node:http';
import { listening } from './https-server.ts';

/** The rehearsal's control address, except that the bot is told some variables of the bench. */
export async function startControlProxy(
  rehearsalUrl: string,
  changed: Readonly<Record<string, string>>,
): Promise<{ readonly url: string; stop(): void }> {
  const server = createServer((request, response) => {
    if (request.url === '/control/environment') {
      void fetch(`${rehearsalUrl}/control/environment`)
        .then((answer) => answer.json())
        .then((environment) => {
          response.writeHead(200, { 'content-type': 'application/json' });
          response.end(JSON.stringify({ ...(environment as Record<string, string>), ...changed }));
        });
      return;
    }
    const onward = sendHttp(`${rehearsalUrl}${request.url}`, { method: request.method ?? 'GET' }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    response.on('close', () => onward.destroy());
    onward.on('error', () => response.destroy());
    request.pipe(onward);
  });
  const proxy = await listening(server);
  return { url: `http://127.0.0.1:${proxy.port}`, stop: () => proxy.stop() };
}
