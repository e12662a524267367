// What programs do with the API, and how a person makes a key for one.
import { expect } from './fixtures.mjs';
import { fill, formTo, press } from './forms.mjs';

/** Calls the API with a token, in a language; gives status, headers and the body read as JSON. */
export function caller(request, node, token, tag = 'en') {
  return async (method, path, { body, headers = {}, once } = {}) => {
    const answer = await request.fetch(`${node.url}/api/v1${path}`, {
      method,
      headers: {
        'accept-language': tag,
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        ...(once ? { 'idempotency-key': once } : {}),
        ...headers,
      },
      ...(body === undefined ? {} : { data: body }),
    });
    const text = await answer.text();
    return { status: answer.status(), headers: answer.headers(), text, json: text ? JSON.parse(text) : null };
  };
}

/** A refusal as RFC 9457 wants it, in the language asked for. */
export function expectProblem(answer, status, kind, tag) {
  expect(answer.status, answer.text).toBe(status);
  expect(answer.headers['content-type']).toBe('application/problem+json');
  expect(answer.headers['content-language']).toBe(tag);
  expect(answer.json).toMatchObject({ type: `/api/problems/${kind}`, status });
  for (const words of [answer.json.title, answer.json.detail, ...(answer.json.errors ?? []).map((e) => e.detail)]) {
    expect(/\p{Script=Han}/u.test(words), words).toBe(tag === 'zh-Hans');
  }
}

/** A key that reads and writes, made by whoever is signed in on this page, for the mandate they act under (if any). */
export async function keyOf(page) {
  await page.goto('/en/account');
  const form = formTo(page, '/account/tokens');
  if (!(await form.isVisible())) await page.locator('details', { has: form }).locator('summary').click();
  await fill(form, { label: 'Register', scopes: ['write'], days: '30' });
  const acting = form.locator('[name="mandate"] option:not([value=""])').first();
  if (await acting.count()) await fill(form, { mandate: await acting.getAttribute('value') });
  await press(page, form.locator('button').first());
  return (await page.locator('main').innerText()).match(/\byc_\S+|[A-Za-z0-9_-]{40,}/)[0];
}
