// The provider that the sign-in tests lean on, walked as a plain HTTP client would: redirects by hand, cookies kept.
import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import { after, before, test } from 'node:test';
import { CLIENT_ID, CLIENT_SECRET, startProvider } from './oidc-provider.mjs';

const REDIRECT = 'http://127.0.0.1:9/en/sign-in/openid/return';
let peer;
before(async () => { peer = await startProvider(); });
after(() => peer.stop());

/** A client with a cookie jar that follows redirects until one leaves the provider. */
function client() {
  const jar = new Map();
  return async function walk(url, options = {}) {
    for (let step = 0; step < 10; step += 1) {
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const answer = await fetch(url, { ...options, redirect: 'manual', headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name, value] = /^([^=]+)=([^;]*)/.exec(line);
        if (value) jar.set(name, value); else jar.delete(name);
      }
      const next = answer.headers.get('location');
      if (!next) return { url, answer };
      url = new URL(next, url).href;
      options = {};
      if (!url.startsWith(peer.issuer)) return { url, answer };
    }
    throw new Error('too many redirects');
  };
}

async function discovered() {
  return (await fetch(`${peer.issuer}/.well-known/openid-configuration`)).json();
}

async function authorize(walk, changes = {}) {
  const verifier = randomBytes(32).toString('base64url');
  const parameters = new URLSearchParams({
    client_id: CLIENT_ID,
    response_type: 'code',
    redirect_uri: REDIRECT,
    scope: 'openid email profile',
    state: 's1',
    nonce: 'n1',
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
    ...changes,
  });
  for (const [name, value] of Object.entries(changes)) if (value === null) parameters.delete(name);
  const { authorization_endpoint: endpoint } = await discovered();
  return { verifier, ...(await walk(`${endpoint}?${parameters}`)) };
}

async function redeem(code, verifier, secret = CLIENT_SECRET) {
  const { token_endpoint: endpoint } = await discovered();
  return fetch(endpoint, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${CLIENT_ID}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({
      grant_type: 'authorization_code', code, redirect_uri: REDIRECT, code_verifier: verifier,
    }),
  });
}

const claimsOf = (token) => JSON.parse(Buffer.from(token.split('.')[1], 'base64url'));

test('a hint signs in without a form, and the token carries the claims', async () => {
  const { url, verifier } = await authorize(client(), { login_hint: 'li.na@example.org' });
  const back = new URL(url);
  assert.equal(back.origin + back.pathname, REDIRECT);
  assert.equal(back.searchParams.get('state'), 's1');
  const tokens = await (await redeem(back.searchParams.get('code'), verifier)).json();
  const claims = claimsOf(tokens.id_token);
  assert.equal(claims.iss, peer.issuer);
  assert.equal(claims.aud, CLIENT_ID);
  assert.equal(claims.nonce, 'n1');
  assert.equal(claims.email, 'li.na@example.org');
  assert.equal(claims.email_verified, true);
  assert.equal(claims.name, 'li na');
  const { userinfo_endpoint: endpoint } = await discovered();
  const person = await (await fetch(endpoint, { headers: { authorization: `Bearer ${tokens.access_token}` } })).json();
  assert.equal(person.email, 'li.na@example.org');
  assert.equal(person.sub, claims.sub);
});

test('another hint in the same browser is another account', async () => {
  const walk = client();
  await authorize(walk, { login_hint: 'first@example.org' });
  const { url, verifier } = await authorize(walk, { login_hint: 'unverified.second@example.org' });
  const tokens = await (await redeem(new URL(url).searchParams.get('code'), verifier)).json();
  assert.equal(claimsOf(tokens.id_token).email, 'unverified.second@example.org');
  assert.equal(claimsOf(tokens.id_token).email_verified, false);
});

test('without a hint a form asks', async () => {
  const walk = client();
  const asked = await authorize(walk);
  assert.equal(asked.answer.status, 200);
  assert.match(await asked.answer.text(), /name="email"/);
  const { url } = await walk(asked.url, { method: 'POST', body: new URLSearchParams({ email: 'wang@example.org' }) });
  assert.ok(new URL(url).searchParams.get('code'));
});

test('what must be refused is refused', async () => {
  const refused = await authorize(client(), { login_hint: 'refused@example.org' });
  assert.equal(new URL(refused.url).searchParams.get('error'), 'access_denied');
  const bare = await authorize(client(), { login_hint: 'a@example.org', code_challenge: null, code_challenge_method: null });
  assert.equal(new URL(bare.url).searchParams.get('error'), 'invalid_request');
  const elsewhere = await authorize(client(), { login_hint: 'a@example.org', redirect_uri: 'http://example.org/' });
  assert.equal(elsewhere.answer.status, 400);

  const { url, verifier } = await authorize(client(), { login_hint: 'b@example.org' });
  const code = new URL(url).searchParams.get('code');
  assert.equal((await redeem(code, verifier, 'wrong')).status, 401);
  assert.equal((await redeem(code, randomBytes(32).toString('base64url'))).status, 400, 'a wrong verifier');
});

test('a code works once', async () => {
  const { url, verifier } = await authorize(client(), { login_hint: 'c@example.org' });
  const code = new URL(url).searchParams.get('code');
  assert.equal((await redeem(code, verifier)).status, 200);
  assert.equal((await redeem(code, verifier)).status, 400);
});
