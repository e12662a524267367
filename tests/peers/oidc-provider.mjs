// A real OpenID Connect provider (panva's certified oidc-provider) for the sign-in tests.
//
// One confidential client, authorization code with PKCE (S256). `login_hint=EMAIL` in the authorization request signs
// that e-mail in without a form; without it a one-field form asks. An address that starts with `unverified` comes
// with email_verified false. An address that starts with `refused` is denied at the provider.
//
//   node tests/peers/oidc-provider.mjs [PORT]      prints `oidc http://127.0.0.1:PORT` when it answers
//
// OIDC_CLIENT_SECRET overrides the client's secret. With PEER_STOPS_WITH_STDIN=1 it stops when its input closes, so
// that it never outlives what started it.
import { createHash, generateKeyPairSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { Provider, interactionPolicy } from 'oidc-provider';

export const CLIENT_ID = 'youcheng';
export const CLIENT_SECRET = process.env.OIDC_CLIENT_SECRET || 'a-secret-for-tests-only';

/** The subject is stable and tells nothing of the e-mail, as with most providers. */
const subjectOf = (email) => createHash('sha256').update(email.toLowerCase()).digest('hex').slice(0, 24);

const LOOPBACK_REDIRECT = /^http:\/\/(127\.0\.0\.1|localhost)(:\d+)?\//;

export async function startProvider(port = 0) {
  const server = createServer();
  await new Promise((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${server.address().port}`;
  const emails = new Map();
  const provider = new Provider(issuer, configuration(emails));
  provider.Client.prototype.redirectUriAllowed = (uri) => LOOPBACK_REDIRECT.test(uri);
  const answer = provider.callback();
  server.on('request', (request, response) => {
    if (request.url.startsWith('/interaction/')) return interact(provider, emails, request, response);
    forgetSession(request);
    return answer(request, response);
  });
  return { issuer, stop: () => new Promise((done) => { server.closeAllConnections(); server.close(done); }) };
}

function configuration(emails) {
  const policy = interactionPolicy.base();
  policy.remove('consent');
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    clients: [
      {
        client_id: CLIENT_ID,
        client_secret: CLIENT_SECRET,
        redirect_uris: ['http://127.0.0.1/'], // really decided by redirectUriAllowed
        grant_types: ['authorization_code'],
        response_types: ['code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    conformIdTokenClaims: false, // e-mail and name in the id token, as Keycloak and Google send them
    cookies: { keys: [randomBytes(16).toString('hex')] },
    features: { devInteractions: { enabled: false } },
    findAccount: (_ctx, sub) => {
      const email = emails.get(sub);
      if (!email) return undefined;
      const name = email.split('@')[0].replace(/[._]/g, ' ');
      return { accountId: sub, claims: () => ({ sub, email, email_verified: !email.startsWith('unverified'), name }) };
    },
    interactions: { policy, url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    jwks: { keys: [{ ...privateKey.export({ format: 'jwk' }), kid: 'tests', use: 'sig', alg: 'RS256' }] },
    loadExistingGrant: async (ctx) => {
      const grant = new ctx.oidc.provider.Grant({
        clientId: ctx.oidc.client.clientId,
        accountId: ctx.oidc.session.accountId,
      });
      grant.addOIDCScope('openid email profile');
      await grant.save();
      return grant;
    },
    pkce: { required: () => true, methods: ['S256'] },
    renderError: (ctx, out) => { ctx.type = 'text'; ctx.body = `${out.error}: ${out.error_description}\n`; },
    ttl: { AccessToken: 600, AuthorizationCode: 60, Grant: 600, IdToken: 600, Interaction: 600, Session: 600 },
  };
}

/** Every authorization signs in anew, whoever this browser was before: a test never inherits another's account. */
function forgetSession(request) {
  const kept = (request.headers.cookie || '').split('; ').filter((cookie) => !cookie.startsWith('_session'));
  request.headers.cookie = kept.join('; ');
}

async function interact(provider, emails, request, response) {
  try {
    const { params } = await provider.interactionDetails(request, response);
    const email = request.method === 'POST' ? (await formOf(request)).get('email') : params.login_hint;
    if (!email) return ask(response);
    if (email.startsWith('refused')) {
      return await provider.interactionFinished(request, response, {
        error: 'access_denied',
        error_description: 'the person did not agree',
      });
    }
    const sub = subjectOf(email);
    emails.set(sub, email);
    return await provider.interactionFinished(request, response, { login: { accountId: sub } });
  } catch (error) {
    response.writeHead(400, { 'content-type': 'text/plain; charset=utf-8' }).end(`${error.message}\n`);
  }
}

function ask(response) {
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(
    '<!doctype html><html lang="en"><title>Sign in</title><form method="post">'
      + '<label>E-mail <input name="email" type="email" required></label> <button>Sign in</button></form></html>',
  );
}

async function formOf(request) {
  let body = '';
  for await (const piece of request) body += piece;
  return new URLSearchParams(body);
}

if (import.meta.url === `file://${process.argv[1]}`) {
  const { issuer } = await startProvider(Number(process.argv[2] || 0));
  console.log(`oidc ${issuer}`);
  if (process.env.PEER_STOPS_WITH_STDIN === '1') {
    process.stdin.resume().on('end', () => process.exit(0)).on('error', () => process.exit(0));
  }
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}
