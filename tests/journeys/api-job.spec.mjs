// The main job through the API alone: a partner city's office finds the gap that both sides see, offers, is chosen by
// people from outside, delivers, is paid and judged, and answers the judgement. Each of the others holds a key of their own.
import { randomUUID } from 'node:crypto';
import { caller, expectProblem, keyOf } from './calls.mjs';
import { expect, languages, ownNode, test as shared } from './fixtures.mjs';
import { aWeekOn, day } from './forms.mjs';

/** It moves the clock on by weeks, which others' open calls would not outlive. */
const test = shared.extend({ node: ownNode });

/** Who guides a field, among those whose place can be taken. */
const GUIDES = {
  culture: 'department-officer',
  environment: 'department-officer-environment',
  health: 'department-officer-health',
};

for (const { tag, name } of languages) {
  test(`a partner city's office carries out the main job @desktop @script (${name})`, async ({ request, node, people }) => {
    test.setTimeout(240_000);
    const zh = tag === 'zh-Hans';
    const words = (chinese, english) => (zh ? chinese : english);
    /** What people write, under the member of their language. */
    const said = (members) => Object.fromEntries(Object.entries(members).map(([k, v]) => [`${k}_${zh ? 'zh' : 'en'}`, v]));
    const open = caller(request, node, null, tag);
    const keys = new Map();
    const as = async (role) => {
      if (!keys.has(role)) {
        const printed = ['office-lead', 'partner-city-officer'].includes(role);
        const key = printed ? await node.token(role) : await keyOf(await people(role));
        keys.set(role, caller(request, node, key, tag));
      }
      return keys.get(role);
    };
    /** Does it, and once more with the same key, as a program does that lost the answer: the answer is the same. */
    const done = async (role, method, path, body, headers = {}) => {
      const api = await as(role);
      const once = randomUUID();
      const answer = await api(method, path, { body, headers, once });
      expect(answer.status, `${role} ${method} ${path}: ${answer.text}`).toBeLessThan(300);
      const again = await api(method, path, { body, headers, once });
      expect([again.status, again.json], `${method} ${path}, sent twice`).toEqual([answer.status, answer.json]);
      return answer.json;
    };
    const read = async (role, path) => {
      const answer = await (await as(role))('GET', path);
      expect(answer.status, `${role} GET ${path}: ${answer.text}`).toBe(200);
      return answer;
    };
    /** Done to the version that was just read. */
    const upon = async (role, method, path, of, body) => {
      const { headers } = await read(role, of);
      return done(role, method, path, body, { 'if-match': headers.etag });
    };
    const refused = async (role, method, path, body, status, kind, headers) => {
      const answer = await (await as(role))(method, path, { body, headers });
      expectProblem(answer, status, kind, tag);
      return answer.json;
    };
    /** What is refused is named where the request holds it. */
    const faulty = async (role, method, path, body, pointers, headers) => {
      const { errors } = await refused(role, method, path, body, 422, 'refused', headers);
      expect(errors.map((one) => one.pointer)).toEqual(pointers);
    };
    const partner = 'partner-city-officer';
    const { json: us } = await read(partner, '/me');

    // --- the gap that both sides see, and the plan -----------------------------------------------------------------------
    const { json: gaps } = await read(partner, '/gaps?limit=200');
    expect((await read('office-lead', '/gaps?limit=200')).json.items).toEqual(gaps.items);
    const gap = gaps.items.find((one) => GUIDES[one.field] && one.relation);
    const guide = GUIDES[gap.field];
    const { json: lines } = await read(partner, '/policy-lines');
    const title = words('两城共读一年', `A year of reading in two cities ${randomUUID()}`);
    const plan = {
      relation: gap.relation, field: gap.field, year: day(node, 0).slice(0, 4), policy: lines.items[0].id, due: day(node, 300),
      ...said({ title, aim: words('两地读者共读二十本书。', 'Readers of both cities read twenty books.'), supports: words('年度计划', 'The yearly plan.') }),
    };
    await refused(partner, 'POST', '/plan-items', plan, 403, 'denied');
    await faulty(guide, 'POST', '/plan-items', { ...plan, due: '2027-02-30' }, ['/due']);
    const { id: item } = await done(guide, 'POST', '/plan-items', plan);
    await done(guide, 'POST', `/programmes/${item}/aims`, said({
      text: words('读者参与', 'Readers take part'), measure: words('参加人数', 'People taking part'), target: words('四百人', '400 people'),
    }));

    // --- the call, and an offer from the other side ------------------------------------------------------------------------
    const planned = {
      plan_item: item, mode: 'outsourcing', closes_on: day(node, 3), closes_time: '17:00', currency: 'CNY', ceiling: '40,000',
      work_from: day(node, 20), work_until: day(node, 250), languages: ['en'],
      ...said({ title, brief: words('选书、组织共读并报告。', 'Choose books, hold readings, report.'), who: words('两城的机构。', 'Institutions of both cities.') }),
      needs: [{ ...said({ title: words('共读活动', 'Readings'), unit: words('场', 'readings') }), channel: 'service', min: '6', max: '12', priority: '5' }],
      criteria: [{ ...said({ title: words('读者', 'Readers') }), weight: '70' }, { ...said({ title: words('费用', 'Cost') }), weight: '30' }],
    };
    await faulty(guide, 'POST', '/calls', { ...planned, needs: [{ ...planned.needs[0], max: '5' }] }, ['/needs/0/max']);
    const { id: call } = await done(guide, 'POST', '/calls', planned);
    expectProblem(await open('GET', `/calls/${call}`), 404, 'not-found', tag);
    await done(guide, 'POST', `/calls/${call}/publication`);
    const { json: shown } = await read(partner, `/calls/${call}`);
    const [need] = shown.needs;
    /** An offer as it is written first: it lacks something, and says what. */
    const offered = async (role, content, lacks) => {
      const { id } = await done(role, 'POST', `/calls/${call}/offers`);
      await upon(role, 'PUT', `/offers/${id}`, `/offers/${id}`, { ...content, conflict: '' });
      await refused(role, 'POST', `/offers/${id}/submission`, undefined, 422, 'refused');
      expect((await read(role, `/offers/${id}`)).json.missing).toEqual(lacks);
      await upon(role, 'PUT', `/offers/${id}`, `/offers/${id}`, content);
      await done(role, 'POST', `/offers/${id}/submission`);
      return id;
    };
    const content = (units, asked) => ({
      ...said({ summary: words('十场共读，双语主持。', 'Ten readings, hosted in two languages.'), plan: words('春季六场，秋季四场。', 'Six in spring, four in autumn.') }),
      lines: [{ need: need.id, units }], starts: day(node, 25), ends: day(node, 240), asked, spend: words('图书与场地', 'Books and rooms'),
      languages: ['en'], people: words('两位馆员', 'Two librarians'), conflict: 'none',
    });
    const ours = await offered(partner, content('10', '36,000'), ['conflict']);
    const rival = await offered('organisation-delegate', content('8', '39,000'), ['conflict']);
    for (const role of [guide, 'office-lead', 'auditor']) {
      const answer = await (await as(role))('GET', `/offers/${ours}`);
      expect([403, 404], `sealed from ${role}`).toContain(answer.status);
    }

    // --- opened, scored by people from outside, allocated and awarded ----------------------------------------------------
    for (const [role, lead] of [['panel-lead', 'true'], ['panel-member', '']]) {
      const { json: person } = await read(role, '/me');
      await done(guide, 'POST', `/calls/${call}/panel`, { account: person.id, lead });
    }
    await refused(guide, 'POST', `/calls/${call}/opening`, undefined, 422, 'refused');
    await aWeekOn(node, await people('office-lead'));
    await done(guide, 'POST', `/calls/${call}/opening`);
    for (const role of ['panel-lead', 'panel-member']) {
      await done(role, 'POST', `/calls/${call}/declaration`, { offers: [], note: '' });
      for (const [offer, points] of [[ours, ['9', '8']], [rival, ['6', '7']]]) {
        const marks = shown.criteria.map(({ key }, i) => ({ criterion: key, points: points[i], note: '' }));
        const high = [marks[0], { ...marks[1], points: '11' }];
        await faulty(role, 'POST', `/offers/${offer}/scores`, { marks: high }, ['/marks/1/points']);
        await done(role, 'POST', `/offers/${offer}/scores`, { marks });
      }
      await done(role, 'POST', `/calls/${call}/review`);
    }
    await refused(partner, 'POST', `/offers/${rival}/scores`, { marks: [] }, 403, 'denied');
    await done(guide, 'POST', `/calls/${call}/shortlist`, { offers: [ours, rival] });
    const limits = (bound) => ({ terms: { quotas: [{ who: `offer:${rival}`, ...bound }] } });
    await faulty(guide, 'POST', `/calls/${call}/allocation`, limits({ least: '9' }), ['/terms/quotas/0/least']);
    const { id: allocation } = await done(guide, 'POST', `/calls/${call}/allocation`, limits({ most: '2' }));
    await done(guide, 'POST', `/allocations/${allocation}/publication`);
    const { json: shared } = await read(partner, `/allocations/${allocation}`);
    expect(JSON.stringify(shared), 'the other side reads the plan').toContain(ours);
    await refused(partner, 'GET', `/allocations/${allocation}/proof`, undefined, 404, 'not-found');
    const { id: award } = await done(guide, 'POST', `/calls/${call}/awards`, {
      offer: ours, ...said({ reason: words('得分最高。', 'The highest score.') }),
    });
    await done(guide, 'POST', `/calls/${call}/decision`, said({ reason: words('另一份留待来年。', 'The other is kept for next year.') }));
    const { json: proof } = await read(partner, `/allocations/${allocation}/proof`);
    expect(Object.keys(proof).length, 'once the call is decided, its proof is open with the scores').toBeGreaterThan(0);

    // --- the undertaking: agreed, started, delivered, returned once, accepted ----------------------------------------------
    const terms = {
      responsible: us.id, ...said({ title }), starts_on: day(node, 25), ends_on: day(node, 240),
      lines: [{ ...said({ title: words('图书', 'Books') }), amount: '36,000' }],
      milestones: [{ ...said({ title: words('春季六场', 'Six in spring') }), due: day(node, 60), amount: '12,000' }],
    };
    const dear = { ...terms, lines: [{ ...terms.lines[0], amount: '41,000' }] };
    await faulty(guide, 'POST', `/awards/${award}/undertaking`, dear, ['/lines/0/amount']);
    const { id: undertaking } = await done(guide, 'POST', `/awards/${award}/undertaking`, terms);
    const at = `/undertakings/${undertaking}`;
    await refused(guide, 'POST', `${at}/start`, {}, 403, 'denied', { 'if-match': (await read(guide, at)).headers.etag });
    await upon(partner, 'POST', `${at}/start`, at, {});
    const { json: { milestones: [milestone] } } = await read(partner, at);
    const handIn = (text) => upon(partner, 'POST', `/milestones/${milestone.id}/deliverables`, at, { text, lang: tag });
    const { id: first } = await handIn(words('已办五场。', 'Five readings were held.'));
    await upon(guide, 'POST', `/deliverables/${first}/return`, at, { reason: words('还差一场。', 'One is missing.') });
    const { id: second } = await handIn(words('已办六场，附名单。', 'Six readings were held; the list is attached.'));
    await refused(partner, 'POST', `/deliverables/${second}/acceptance`, {}, 403, 'denied', { 'if-match': (await read(partner, at)).headers.etag });
    await upon(guide, 'POST', `/deliverables/${second}/acceptance`, at, { note: words('齐全。', 'Complete.') });
    const { json: { milestones: [accepted] } } = await read(partner, at);
    expect(accepted.rounds.map((one) => one.verdict ?? one.status)).toEqual(['returned', 'accepted']);

    // --- money: asked for by them, and three other people -------------------------------------------------------------------
    const { json: { money: { instalments: [due] } } } = await read(partner, at);
    await upon(partner, 'POST', `${at}/instalments`, at, { instalment: due.id, note: words('三月发票', 'Invoice of March') });
    const money = `/instalments/${due.id}`;
    await refused(partner, 'POST', `${money}/approval`, {}, 403, 'denied', { 'if-match': (await read(partner, at)).headers.etag });
    await upon('finance', 'POST', `${money}/approval`, at, {});
    await refused('finance', 'POST', `${money}/payment`, { reference: '1' }, 403, 'denied', { 'if-match': (await read('finance', at)).headers.etag });
    await upon('finance-2', 'POST', `${money}/payment`, at, { reference: '2027-0017' });
    await upon('office-lead', 'POST', `${money}/reconciliation`, at, { statement: words('第12行', 'Line 12'), amount: '12,000' });
    const { json: { money: { instalments: [settled] } } } = await read(partner, at);
    expect(settled.status, 'the partner city sees that it is settled').toBe('reconciled');
    await upon(guide, 'POST', `${at}/publication`, at, {});
    await upon(guide, 'POST', `${at}/settlement`, at, {});

    // --- judged from outside, answered by the partner, told in the open ----------------------------------------------------
    const appoint = { evaluators: [], others: ['evaluator@example.org'], due_on: day(node, 90) };
    await refused(partner, 'POST', `${at}/evaluation`, appoint, 403, 'denied');
    const { id: evaluation } = await done('office-lead', 'POST', `${at}/evaluation`, appoint);
    await done('evaluator', 'POST', `/evaluations/${evaluation}/declaration`, {});
    const { json: { aims } } = await read('evaluator', `/evaluations/${evaluation}`);
    for (const { id } of aims) {
      await refused('evaluator', 'POST', `/evaluations/${evaluation}/findings`, { aim: id, state: 'splendid' }, 422, 'refused');
      await done('evaluator', 'POST', `/evaluations/${evaluation}/findings`, {
        aim: id, state: 'met', source: 'https://example.org/report', ...said({ found: words('四百二十人', '420 people') }),
      });
    }
    const judgement = words('读者确实参与。', `Readers did take part, ${randomUUID()}.`);
    await done('evaluator', 'POST', `/evaluations/${evaluation}/summary`, said({ summary: judgement }));
    expect((await open('GET', `/programmes/${item}`)).text, 'not told before it is published').not.toContain(judgement);
    const reply = words('谢谢，来年再办。', 'Thank you; we do it again next year.');
    await done(partner, 'POST', `/evaluations/${evaluation}/reply`, { text: reply });
    await done('evaluator', 'POST', `/evaluations/${evaluation}/publication`, {});
    for (const api of [open, await as(partner)]) {
      const story = await api('GET', `/programmes/${item}`);
      for (const told of [title, judgement, reply]) expect(story.text).toContain(told);
    }
    const { json: left } = await read(partner, '/gaps?limit=200');
    const still = left.items.filter((one) => one.relation === gap.relation && one.field === gap.field);
    expect(still, 'the gap is closed').toEqual([]);
  });
}
