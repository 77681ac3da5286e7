async function call(path, init) {
  let response;
  try {
    response = await fetch(`/control/${path}`, init);
  } catch {
    throw new Error('The rehearsal does not answer. Is it still running?');
  }
  const body = await response.json();
  if (!response.ok) throw new Error(body.error ?? `The rehearsal answered ${response.status}.`);
  return body;
}

export function get(path) {
  return call(path);
}

export function send(method, path, body) {
  return call(path, { method, headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
}

export function post(path, body) {
  return send('POST', path, body);
}
