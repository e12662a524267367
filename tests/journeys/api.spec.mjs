// The journey of a partner city's officer through the API: reads both sides' record, writes for their own side, and is
// told by which rule when something is not theirs to do.
import { randomUUID } from 'node:crypto';
import { caller, expectProblem, keyOf } from './calls.mjs';
import { expect, languages, test } from './fixtures.mjs';

/** The relation of the officer's own city, and one that is another city's. */
async function relations(api) {
  const found = await api('GET', '/relations?q=D%C3%BCsseldorf');
  expect(found.json.total).toBe(1);
  const others = await api('GET', '/relations?q=Seattle');
  return { own: found.json.items[0], other: others.json.items[0] };
}

for (const { code, tag, name } of languages) {
  test(`a partner city reads the record, page by page @desktop @script (${name})`, async ({ request, node }) => {
    const api = caller(request, node, await node.token('partner-city-officer'), tag);
    const me = await api('GET', '/me');
    expect(me.status).toBe(200);

    // Cursors: every relation once, in the same order, whatever the size of a page.
    const { json: whole } = await api('GET', '/relations?limit=200');
    expect(whole.items.length).toBe(whole.total);
    const seen = [];
    for (let after = ''; after !== null;) {
      const { status, json } = await api('GET', `/relations?limit=20${after && `&after=${encodeURIComponent(after)}`}`);
      expect(status).toBe(200);
      seen.push(...json.items.map((one) => one.id));
      after = json.next;
    }
    expect(seen).toEqual(whole.items.map((one) => one.id));
    expectProblem(await api('GET', '/relations?after=nowhere'), 422, 'refused', tag);

    // What has not changed is not sent again.
    const list = await api('GET', '/relations?limit=5');
    const again = await api('GET', '/relations?limit=5', { headers: { 'if-none-match': list.headers.etag } });
    expect(again.status).toBe(304);

    // The story of a programme under their relation, and the whole of its undertakings.
    const { own } = await relations(api);
    const { json: programmes } = await api('GET', '/programmes?field=culture');
    const window = programmes.items.find((one) => one.relation === own.id);
    const story = await api('GET', `/programmes/${window.id}`);
    expect(story.text).toContain('Düsseldorf');
    const { json: undertakings } = await api('GET', `/undertakings?programme=${window.id}`);
    expect(undertakings.items).toHaveLength(1);
    const { json: undertaking } = await api('GET', `/undertakings/${undertakings.items[0].id}`);
    expect(undertaking.milestones.length).toBe(3);
    expect(undertaking.money, 'sums included').not.toBeNull();
    const unknown = await api('GET', `/relations/${randomUUID()}`);
    expectProblem(unknown, 404, 'not-found', tag);
  });

  test(`a partner city writes for its own side @desktop @script (${name})`, async ({ request, node }) => {
    const api = caller(request, node, await node.token('partner-city-officer'), tag);
    const { own } = await relations(api);
    const words = `Our archive says so, ${tag} ${randomUUID()}`;
    const claim = {
      about: 'other', value: words, source: 'Stadtarchiv Düsseldorf, 0-1-20-4711', confidence: 'high', claimant: 'us',
    };
    const once = randomUUID();
    const first = await api('POST', `/relations/${own.id}/facts`, { body: claim, once });
    expect(first.status, first.text).toBe(201);
    const repeated = await api('POST', `/relations/${own.id}/facts`, { body: claim, once });
    expect([repeated.status, repeated.json]).toEqual([201, first.json]);
    const { json: facts } = await api('GET', `/relations/${own.id}/facts`);
    const mine = facts.filter((one) => one.value === words);
    expect(mine, 'asked for twice, done once, and said by them whatever they claim').toHaveLength(1);
    expect(mine[0]).toMatchObject({ id: first.json.id, claimant: 'them' });

    // The same key for something else is no repetition.
    const other = await api('POST', `/relations/${own.id}/notes`, { body: { words }, once });
    expectProblem(other, 409, 'changed', tag);

    // Between officers: written, answered by number, and never public.
    const note = await api('POST', `/relations/${own.id}/notes`, { body: { words }, once: randomUUID() });
    expect(note.status, note.text).toBe(201);
    const { json: notes } = await api('GET', `/relations/${own.id}/notes`);
    expect(notes.find((one) => one.id === note.json.id)).toMatchObject({ side: 'them', words });
    const stranger = caller(request, node, null, tag);
    expectProblem(await stranger('GET', `/relations/${own.id}/notes`), 401, 'sign-in', tag);
    const open = await (await request.get(`${node.url}/${code}/relations/${own.id}`)).text();
    expect(open.split(words).length - 1, 'the claim is public, the note is not').toBe(1);

    // What is missing is said at its member, in the caller's language.
    const refused = await api('POST', `/relations/${own.id}/facts`, { body: { about: 'signed', value: 'long ago' } });
    expectProblem(refused, 422, 'refused', tag);
    expect(refused.json.errors.map((one) => one.pointer)).toContain('/value');
    const unread = await api('POST', `/relations/${own.id}/facts`, {
      body: Buffer.from('{ no json'), headers: { 'content-type': 'application/json' },
    });
    expectProblem(unread, 400, 'request', tag);
  });

  test(`what a partner city may not do answers with the rule @desktop @script (${name})`, async ({ request, node }) => {
    const api = caller(request, node, await node.token('partner-city-officer'), tag);
    const { own, other } = await relations(api);
    const { json: plan } = await api('GET', '/plan-items?limit=1');
    const { json: calls } = await api('GET', '/calls');
    const match = { 'if-match': '"v1"' };
    const claim = { about: 'other', value: 'x', source: 'y' };
    const forbidden = [
      ['POST', `/relations/${own.id}/steps`, { body: { to: 'quiet', reason: 'x' }, headers: match }],
      ['PATCH', `/relations/${own.id}`, { body: { source: 'ours' }, headers: match }],
      ['POST', `/relations/${other.id}/facts`, { body: claim }],
      ['POST', `/relations/${other.id}/notes`, { body: { words: 'x' } }],
      ['GET', `/relations/${other.id}/notes`],
      ['POST', `/plan-items/${plan.items[0].id}/step`, { body: { to: 'dropped', reason: 'x' }, headers: match }],
      ['POST', `/calls/${calls.items[0].id}/opening`, { body: {} }],
      ['GET', '/journal'],
      ['GET', '/letters'],
    ];
    for (const [method, path, how] of forbidden) {
      const answer = await api(method, path, how);
      expectProblem(answer, 403, 'denied', tag);
      expect(answer.json.detail.length, `${method} ${path} names a rule or who could`).toBeGreaterThan(10);
    }
    const sealed = await api('GET', `/calls/${calls.items.find((one) => one.state === 'open').id}/offers`);
    expect(sealed.json.items, 'nobody reads offers before the closing hour').toEqual([]);
    expectProblem(await caller(request, node, 'nonsense', tag)('GET', '/relations'), 401, 'sign-in', tag);
  });
}

test('an office changes by version, with a key it made itself @desktop @script', async ({ request, node, people }) => {
  const lead = await people('office-lead');
  const api = caller(request, node, await keyOf(lead));
  const { own } = await relations(api);
  const before = await api('GET', `/relations/${own.id}`);
  const etag = before.headers.etag;
  const change = { note_en: `Read again in the archive, ${randomUUID()}` };
  expectProblem(await api('PATCH', `/relations/${own.id}`, { body: change }), 422, 'refused', 'en');
  const once = randomUUID();
  const changed = await api('PATCH', `/relations/${own.id}`, { body: change, headers: { 'if-match': etag }, once });
  expect(changed.status, changed.text).toBe(200);
  expect(changed.headers.etag).not.toBe(etag);
  const repeated = await api('PATCH', `/relations/${own.id}`, { body: change, headers: { 'if-match': etag }, once });
  expect([repeated.status, repeated.headers.etag]).toEqual([200, changed.headers.etag]);
  const stale = await api('PATCH', `/relations/${own.id}`, { body: { note_en: 'too late' }, headers: { 'if-match': etag } });
  expectProblem(stale, 409, 'changed', 'en');
  expect((await api('GET', `/relations/${own.id}`)).json.note.en).toBe(change.note_en);
});
