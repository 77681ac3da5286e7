/** What a secret is replaced with in the log. */
const HIDDEN = '[hidden]';

const jwt = /\beyJ[\w-]{4,}\.[\w-]{4,}(?:\.[\w-]*)?/gu;
const bearer = /\b(bearer|basic)(\s+)[\w.~+/=-]{6,}/giu;
/** `client_secret=…`, `"password":"…"`, `clientAssertion: '…'`, also with escaped quotes. */
const named =
  /((?:client_?secret|app_?secret|client_?assertion|access_?token|refresh_?token|id_?token|password|passwd|private_?key|authorization|cookie)\\*["']?\s*[=:]\s*\\*["']?)(?:(?!\[hidden\])[^\s"'\\&,;}\]]+)/giu;
const authorizationCode = /([?&]code=)[^\s"\\&]+/giu;
const urlPassword = /(\/\/[^\s:/@"]+:)[^\s@/"]+@/gu;
const pem = /-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/gsu;
const longToken = /[A-Za-z0-9+/_=-]{40,}/gu;

/** Removes what looks like a secret, and every secret that is known, from one line of the log. */
export function createScrubber(secrets: readonly string[] = []): (line: string) => string {
  const known = secrets
    .filter((secret) => secret.length >= 6)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)])
    .sort((left, right) => right.length - left.length);
  return (line) => {
    const withoutKnown = known.reduce((text, secret) => text.replaceAll(secret, HIDDEN), line);
    return withoutKnown
      .replace(pem, HIDDEN)
      .replace(jwt, HIDDEN)
      .replace(bearer, `$1$2${HIDDEN}`)
      .replace(named, `$1${HIDDEN}`)
      .replace(authorizationCode, `$1${HIDDEN}`)
      .replace(urlPassword, `$1${HIDDEN}@`)
      .replace(longToken, (token) => (looksRandom(token) ? HIDDEN : token));
  };
}

/** Digests in hexadecimal, ids and file paths are long too, and are wanted in the log. */
function looksRandom(token: string): boolean {
  if (/^[0-9a-f-]{1,128}$/u.test(token)) return false;
  const runs = token.split(/[/=_-]/u);
  const longest = runs.reduce((most, run) => Math.max(most, run.length), 0);
  const isMixed = /[a-z]/u.test(token) && /[A-Z]/u.test(token) && /\d/u.test(token);
  return isMixed && longest >= 16;
}
