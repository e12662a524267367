// The main job, told by everybody who has a part in it: from an empty cell of the gap finder to a programme that people
// from outside have evaluated, told in the open. In English on a desktop, in Chinese on a phone without scripts, with
// forms filled as people fill them.
import { readFile } from 'node:fs/promises';
import { aWeekOn, day, fill, formTo, press, refused, send } from './forms.mjs';
import { expect, languages, test } from './fixtures.mjs';

/** Who guides a field, among those whose place can be taken. */
const GUIDES = {
  culture: 'department-officer',
  environment: 'department-officer-environment',
  health: 'department-officer-health',
};

/** What people write, in the language of their telling. `tag` ends the names of the fields that hold it. */
const TOLD = {
  en: {
    tag: 'en',
    title: 'A shelf that travels between two cities',
    better: 'A shelf that travels between two cities, there and back',
    aim: 'Readers of both cities find two hundred books about the other one.',
    supports: 'The yearly plan of exchanges.',
    aims: [['Readers are asked', 'Reports on what readers want', '2 reports'], ['The shelf is used', 'Loans per volume', '4.0']],
    call: 'Somebody to build the shelf that travels',
    brief: 'Choose, catalogue and send about two hundred volumes, and report what readers ask for.',
    who: 'Public libraries, reading associations, qualified individuals.',
    needs: [['Choosing and cataloguing', 'volumes'], ['Reports on readers', 'reports']],
    criteria: ['Open access', 'Cost'],
    summary: 'Books chosen from stock, with a card for readers’ wishes.',
    rival: 'A list by young readers, with reading circles online.',
    alone: 'A retired librarian who would catalogue.',
    plan: 'First a hundred volumes, then what readers asked for.',
    spend: 'Books, cataloguing, freight.',
    staff: 'Two of the acquisitions department.',
    tie: 'We worked in one office until 2020.',
    marks: 'Well founded.',
    award: 'The highest score, and the only offer that asks readers first.',
    decision: 'The other offers are kept for the next shelf.',
    lines: ['Books', 'Freight'],
    milestone: 'First shelf is sent',
    handed: 'A hundred and four volumes went out; the list is attached.',
    back: 'The list lacks the English titles. Please add them.',
    again: 'A hundred and four volumes went out; the list now has titles in both languages.',
    accepted: 'The list is complete.',
    purpose: 'Freight and books, invoice of March.',
    statement: 'April, line 12',
    found: ['2 reports', 'loans are not counted yet'],
    note: 'The partner library counts from next year on.',
    judgement: 'Readers were asked and heard; whether the shelf is used cannot be told yet.',
    reply: 'We begin to count in January.',
    changed: 'Somebody changed this meanwhile',
    threePeople: 'four people',
    sealed: 'sealed',
  },
  zh: {
    tag: 'zh',
    title: '往返两城的书架',
    better: '往返两城的流动书架',
    aim: '两地读者都能读到介绍对方城市的二百册图书。',
    supports: '对外文化交流年度计划。',
    aims: [['读者被询问', '读者意见报告', '2份报告'], ['书架有人用', '每册外借次数', '4.0次']],
    call: '征集往返书架的承办方',
    brief: '选书、编目并寄送约二百册图书，并报告读者意见。',
    who: '公共图书馆、读书类社会组织、有相关资质的个人。',
    needs: [['选书与编目', '册'], ['读者意见报告', '份']],
    criteria: ['开放程度', '费用'],
    summary: '从馆藏中选书，随书附读者意见卡。',
    rival: '以青年读者书单为主，办线上读书会。',
    alone: '退休馆员，愿承担编目。',
    plan: '先寄一百册，再按读者意见选书。',
    spend: '图书、编目、运费。',
    staff: '采编部两人。',
    tie: '2020年以前同在一处任职。',
    marks: '依据充分。',
    award: '得分最高，且是唯一先问读者的方案。',
    decision: '其余方案留待下一个书架。',
    lines: ['图书', '运费'],
    milestone: '第一批图书寄出',
    handed: '已寄出一百零四册，书目随附。',
    back: '书目缺少英文题名，请补齐。',
    again: '已寄出一百零四册，书目已补双语题名。',
    accepted: '书目齐全。',
    purpose: '图书与运费，三月发票。',
    statement: '四月对账单第12行',
    found: ['2份报告', '尚未统计外借'],
    note: '对方图书馆自明年起统计。',
    judgement: '读者被询问并得到回应；书架是否有人用尚无从判断。',
    reply: '自一月起统计外借。',
    changed: '其他人刚刚改动过',
    threePeople: '四个不同的人',
    sealed: '统一开启',
  },
};

const LIST = { name: 'shelf-list.txt', mimeType: 'text/plain', buffer: Buffer.from('1. Chongqing 重庆\n2. Düsseldorf\n') };
/** The last part of an address that is an id. */
const idOf = (url) => new URL(url, 'http://here').pathname.match(/[0-9a-f-]{36}(?!.*[0-9a-f-]{36})/)[0];

for (const { code, tag, name } of languages) {
  test(`from a gap to a published evaluation ${code === 'zh' ? '@plain' : '@desktop @script'} (${name})`, async ({
    node, people, javaScriptEnabled, expectAccessible, noSideways, shoot,
  }) => {
    test.setTimeout(600_000);
    const t = TOLD[code];
    const at = (path) => `/${code}${path}`;
    const seen = new Set();
    /** As a reader sees it, once for each kind of page: in the right language, within the screen, open to all. */
    const look = async (page, shot) => {
      if (seen.has(shot) || process.env.YOUCHENG_QUICK) return;
      seen.add(shot);
      await expect(page.locator('html')).toHaveAttribute('lang', tag);
      await noSideways(page);
      // The languages share their markup: axe looks at one telling.
      if (code === 'en') await expectAccessible(page);
      if (process.env.YOUCHENG_SHOTS) await shoot(page, `job-${shot}-${code}`);
    };
    /** Words in the language of the telling, under the names of its fields. */
    const said = (words) => Object.fromEntries(Object.entries(words).map(([k, v]) => [`${k}_${t.tag}`, v]));
    const visitor = await people('visitor');
    const lead = await people('office-lead');

    // --- the gap, and the plan ------------------------------------------------------------------------------------------
    await lead.goto(at('/plan/gaps'));
    // Everybody's browser is of the kind that this telling is for.
    const scripted = await lead.evaluate(() => matchMedia('(scripting: enabled)').matches);
    expect([scripted, await lead.evaluate(() => innerWidth)]).toEqual(code === 'zh' ? [false, 390] : [true, 1366]);
    const [gap] = await lead.locator('.why > li').evaluateAll((rows, guides) => rows.flatMap((row) => {
      const href = row.querySelector('a.button')?.getAttribute('href');
      const field = href && new URL(href, location.href).searchParams.get('field');
      const [place, label] = row.querySelector('h3').textContent.split(' × ');
      return guides.includes(field) ? [{ rank: row.id, href, field, place, label }] : [];
    }), Object.keys(GUIDES));
    /** What the matrix shows where row and column meet. */
    const cell = async (page) => {
      await page.goto(at('/plan/gaps'));
      const column = await page.locator('.heat thead th').allTextContents();
      const row = page.locator('.heat tbody tr').filter({ has: page.locator('th', { hasText: gap.place }) }).first();
      return (await row.locator('td').nth(column.indexOf(gap.label) - 1).textContent()).trim();
    };
    await expect(lead.locator(`.heat a[href="#${gap.rank}"]`)).toBeVisible();
    await look(lead, 'gaps');
    await press(lead, lead.locator(`#${gap.rank} a.button`));
    const officer = await people(GUIDES[gap.field]);

    let form = formTo(lead, '/plan/items');
    await expect(form.locator('[name="field"]')).toHaveValue(gap.field);
    await fill(form, { ...said({ title: t.title }), due: '2027-02-30' });
    await refused(lead, form, ['due', 'policy', `aim_zh`], { due: '2027-02-30', [`title_${t.tag}`]: t.title, field: gap.field });
    await look(lead, 'plan-refused');
    const [, policy] = await form.locator('[name="policy"] option').evaluateAll((all) => all.map((one) => one.value));
    await fill(form, { policy, due: day(node, 300), ...said({ aim: t.aim, supports: t.supports }) });
    await send(lead, form, { twice: true });
    const item = idOf(lead.url());
    await lead.goto(at('/plan'));
    await expect(lead.getByRole('link', { name: t.title, exact: true }), 'two clicks put one item into the plan').toHaveCount(1);
    expect(await cell(visitor), 'planned, and everybody may see it').toContain('□');

    // Two officers have the same form open; the second is told.
    await lead.goto(at(`/plan/items/${item}/edit`));
    await officer.goto(at(`/plan/items/${item}/edit`));
    form = formTo(officer, `/plan/items/${item}`);
    await fill(form, said({ title: t.better }));
    await send(officer, form);
    form = formTo(lead, `/plan/items/${item}`);
    await fill(form, said({ title: 'too late' }));
    await press(lead, form.locator('button').first());
    await expect(lead.getByRole('heading', { level: 1 })).toContainText(t.changed);
    await look(lead, 'changed');
    await visitor.goto(at(`/plan/items/${item}`));
    await expect(visitor.getByRole('heading', { level: 1 })).toContainText(t.better);

    for (const [text, measure, target] of t.aims) {
      await officer.goto(at(`/programmes/${item}/aims`));
      form = formTo(officer, `/programmes/${item}/aims`);
      await fill(form, said({ text, measure, target }));
      await send(officer, form);
    }
    await look(officer, 'aims');

    // --- the call -------------------------------------------------------------------------------------------------------
    await officer.goto(at(`/plan/items/${item}`));
    await press(officer, officer.locator('a.button[href*="/calls/new"]'));
    form = formTo(officer, '/calls');
    await fill(form, { 'need-0-min': '100' });
    await press(officer, form.locator('button[value="need"]'));
    await expect(form.locator('[name="need-0-min"]'), 'one more row, and nothing is lost').toHaveValue('100');
    const suffixed = (prefix, words) => Object.fromEntries(Object.entries(words).map(([k, v]) => [`${prefix}-${k}`, v]));
    await fill(form, {
      ...said({ title: t.call, brief: t.brief, who: t.who }),
      mode: 'outsourcing',
      closes_on: day(node, 3),
      closes_time: '17:00',
      work_from: day(node, 20),
      work_until: day(node, 250),
      ceiling: '40,000',
      languages: ['zh-Hans', 'en'],
      ...suffixed('need-0', { ...said({ title: t.needs[0][0], unit: t.needs[0][1] }), channel: 'service', min: '100', max: '200' }),
      ...suffixed('need-1', { ...said({ title: t.needs[1][0], unit: t.needs[1][1] }), channel: 'consultation', min: '1', max: '2' }),
      ...suffixed('criterion-0', { ...said({ title: t.criteria[0] }), weight: '60' }),
      ...suffixed('criterion-1', { ...said({ title: t.criteria[1] }), weight: 'thirty' }),
    });
    await refused(officer, form, ['criterion-1-weight'], { 'criterion-1-weight': 'thirty', ceiling: '40,000' });
    await look(officer, 'call-refused');
    await fill(form, { 'criterion-1-weight': '40' });
    await send(officer, form, { twice: true });
    const call = idOf(officer.url());
    expect((await visitor.goto(at(`/calls/${call}`))).status(), 'a draft is not there for readers').toBe(404);
    await lead.goto(at(`/calls/${call}`));
    await expect(formTo(lead, '/publication'), 'who does not guide does not publish').toHaveCount(0);
    await send(officer, formTo(officer, '/publication'), { twice: true });
    await visitor.goto(at('/calls'));
    await press(visitor, visitor.getByRole('link', { name: t.call }));
    await expect(visitor.locator('main')).toContainText(t.who);
    await look(visitor, 'call-open');

    // --- offers ---------------------------------------------------------------------------------------------------------
    const offers = {};
    const offer = async (role, { summary, units, asked, languages: spoken }) => {
      const page = await people(role);
      await page.goto(at(`/calls/${call}`));
      await press(page, formTo(page, `/calls/${call}/offers`).locator('button'), { twice: true });
      const id = idOf(page.url());
      const part = (which) => formTo(page, `/offers/${id}/parts/${which}`);
      await fill(part('what'), said({ summary, plan: t.plan }));
      await send(page, part('what'));
      const fields = await part('needs').locator('[name^="units-"]').evaluateAll((all) => all.map((one) => one.name));
      await fill(part('needs'), Object.fromEntries(fields.map((f, i) => [f, units[i]])));
      await send(page, part('needs'));
      if (asked > 40_000) {
        await fill(part('money'), { starts: day(node, 25), ends: day(node, 240), asked: String(asked), spend: t.spend });
        await refused(page, part('money'), ['asked'], { asked: String(asked), spend: t.spend });
        await look(page, 'offer-refused');
        asked = 38_000;
      }
      await fill(part('money'), { starts: day(node, 25), ends: day(node, 240), asked: String(asked), spend: t.spend });
      await send(page, part('money'));
      await fill(part('people'), { people: t.staff, languages: spoken });
      await send(page, part('people'));
      await fill(part('interest'), { conflict: 'none' });
      await send(page, part('interest'));
      await look(page, 'offer-check');
      await send(page, formTo(page, `/offers/${id}/submission`), { twice: true });
      await expect(page.locator('main')).toContainText(summary);
      offers[role] = id;
      return page;
    };
    const library = await offer('library-delegate', { summary: t.summary, units: ['180', '2'], asked: 48_000, languages: ['zh-Hans', 'en'] });
    const association = await offer('organisation-delegate', { summary: t.rival, units: ['120', '1'], asked: 30_000, languages: ['zh-Hans'] });
    await offer('individual', { summary: t.alone, units: ['60', ''], asked: 9_000, languages: ['zh-Hans', 'en'] });
    expect(new Set(Object.values(offers)).size).toBe(3);
    for (const page of [officer, lead, association, await people('auditor'), visitor]) {
      const answer = await page.goto(at(`/offers/${offers['library-delegate']}`));
      expect([401, 403, 404], `sealed from ${page.url()}`).toContain(answer.status());
      await page.goto(at(`/calls/${call}`));
      await expect(page.locator('main')).not.toContainText(t.summary);
    }
    await expect(officer.locator('main')).toContainText(t.sealed);
    await expect(formTo(officer, '/opening'), 'nobody opens before the close').toHaveCount(0);
    for (const [person, leads] of [['陈怀远', ['true']], ['Anna Keller', []]]) {
      await officer.goto(at(`/calls/${call}/panel`));
      form = formTo(officer, `/calls/${call}/panel`);
      const option = form.locator('option', { hasText: person });
      await fill(form, { account: await option.getAttribute('value'), lead: leads });
      await send(officer, form);
    }
    await look(officer, 'panel');

    // --- the opening and the panel ---------------------------------------------------------------------------------------
    await aWeekOn(node, officer);
    await officer.goto(at('/desk'));
    await expect(officer.locator('#main')).toContainText(t.call);
    await press(officer, officer.locator(`main a[href*="/calls/${call}"]`).first());
    await send(officer, formTo(officer, '/opening'), { twice: true });
    await expect(officer.locator('main')).toContainText(t.summary);
    for (const role of ['panel-lead', 'panel-member']) {
      const judge = await people(role);
      await judge.goto(at(`/calls/${call}/review`));
      await expect(judge.locator('main'), 'before declaring: who offers, not what').not.toContainText(t.summary);
      form = formTo(judge, '/declaration');
      if (role === 'panel-member') await fill(form, { offers: [offers.individual], note: t.tie });
      await look(judge, 'declare');
      await send(judge, form);
      const readable = role === 'panel-member' ? 2 : 3;
      await expect(judge.locator('#score a[href$="/scores"]')).toHaveCount(readable);
      for (const [who, points] of [['library-delegate', ['9', '8']], ['organisation-delegate', ['6', '8']], ['individual', ['5', '9']]].slice(0, readable)) {
        await judge.goto(at(`/offers/${offers[who]}/scores`));
        form = formTo(judge, '/scores');
        const names = await form.locator('[name^="points-"]').evaluateAll((all) => all.map((one) => one.name));
        if (who === 'library-delegate') {
          await fill(form, { [names[0]]: 'eleven' });
          await refused(judge, form, [names[0]], { [names[0]]: 'eleven' });
          await look(judge, 'score-refused');
          await fill(form, { [names[0].replace('points', 'note')]: t.marks });
        }
        await fill(form, { [names[0]]: points[0], [names[1]]: points[1] });
        await send(judge, form);
      }
      await send(judge, formTo(judge, `/calls/${call}/review`), { twice: true });
    }
    await look(await people('panel-member'), 'review-member');

    // --- allocation and award --------------------------------------------------------------------------------------------
    await officer.goto(at(`/calls/${call}/review`));
    await look(officer, 'review');
    form = formTo(officer, '/shortlist');
    await fill(form, { offers: [offers['library-delegate'], offers['organisation-delegate']] });
    await send(officer, form);
    await officer.goto(at(`/calls/${call}/allocation`));
    form = formTo(officer, `/calls/${call}/allocation`);
    await fill(form, { panel: '90' });
    await press(officer, form.locator('button:not([name])').first());
    await expect(officer.locator('.errors')).toContainText('130');
    // A limit of a group: half a row is told at its field, and what was typed stays.
    await form.locator('details.more summary').first().click();
    const units = form.locator('[name="quota-0-unit"] option:not([value=""])');
    const [unit] = await units.evaluateAll((all) => all.map((one) => one.value));
    await fill(form, { panel: '60', 'quota-0-who': `offer:${offers['organisation-delegate']}`, 'quota-0-unit': unit });
    await refused(officer, form, ['quota-0-least']);
    await look(officer, 'allocation-limit-refused');
    await fill(form, { 'quota-0-most': '110' });
    await send(officer, form, { twice: true });
    await look(officer, 'allocation');
    await send(officer, formTo(officer, '/publication'));
    await officer.goto(at(`/calls/${call}/awards`));
    form = formTo(officer, '/awards');
    await fill(form, { offer: offers['library-delegate'] });
    await refused(officer, form, ['reason_zh']);
    await expect(form.locator(`[value="${offers['library-delegate']}"]`), 'the choice is kept').toBeChecked();
    await look(officer, 'award-refused');
    await fill(form, said({ reason: t.award }));
    await send(officer, form, { twice: true });
    form = formTo(officer, '/decision');
    await fill(form, said({ reason: t.decision }));
    await send(officer, form);
    await visitor.goto(at(`/calls/${call}`));
    await expect(visitor.locator('#awards li')).toHaveCount(1);
    await expect(visitor.locator('#awards')).toContainText(t.award);
    await expect(visitor.locator('main')).toContainText(t.decision);
    await look(visitor, 'call-decided');
    await association.goto(at(`/offers/${offers['organisation-delegate']}`));
    await expect(association.locator('main')).toContainText(t.decision);

    // --- the undertaking -------------------------------------------------------------------------------------------------
    await officer.goto(at(`/calls/${call}`));
    await press(officer, officer.locator('#awards a[href$="/undertaking"]'));
    form = formTo(officer, '/undertaking');
    const [responsible] = await form.locator('[name="responsible"] option:not([value=""])').evaluateAll((all) => all.map((one) => one.value));
    const suffixedLine = (n, words) => Object.fromEntries(Object.entries(words).map(([k, v]) => [`${k}.${n}`, v]));
    await fill(form, {
      responsible,
      ...suffixedLine(0, { [`line_${t.tag}`]: t.lines[0], line_amount: '30,000' }),
      ...suffixedLine(1, { [`line_${t.tag}`]: t.lines[1], line_amount: '9,000' }),
      ...suffixedLine(0, { [`milestone_${t.tag}`]: t.milestone, milestone_due: day(node, 60), milestone_amount: '12,000' }),
    });
    await refused(officer, form, ['line_amount.0'], { 'line_amount.0': '30,000', 'line_amount.1': '9,000' });
    await look(officer, 'terms-refused');
    await fill(form, { 'line_amount.1': '8,000.00' });
    await send(officer, form, { twice: true });
    const undertaking = idOf(officer.url());
    await library.goto(at('/my-work'));
    await look(library, 'my-work');
    await library.goto(at(`/undertakings/${undertaking}`));
    await expect(library.locator('.remark.now')).toBeVisible();
    await send(library, formTo(library, '/start'), { twice: true });
    await visitor.goto(at(`/undertakings/${undertaking}`));
    await expect(visitor.locator('main')).not.toContainText('30,000');

    const handIn = async (text, files) => {
      await library.goto(at(`/undertakings/${undertaking}`));
      await press(library, library.locator('a[href$="/deliverables"]').first());
      form = formTo(library, '/deliverables');
      await fill(form, { text, files });
      await send(library, form, { twice: true });
      return idOf(library.url());
    };
    await library.goto(at(`/undertakings/${undertaking}`));
    await press(library, library.locator('a[href$="/deliverables"]').first());
    await refused(library, formTo(library, '/deliverables'), ['text']);
    const first = await handIn(t.handed, [LIST]);
    await expect(formTo(library, '/acceptance'), 'who executes does not accept').toHaveCount(0);
    await officer.goto(at('/desk'));
    await officer.goto(at(`/deliverables/${first}`));
    const [download] = await Promise.all([officer.waitForEvent('download'), officer.locator('a[href*="/files/"]').first().click()]);
    expect(download.suggestedFilename()).toBe(LIST.name);
    expect(await readFile(await download.path())).toEqual(LIST.buffer);
    await refused(officer, formTo(officer, '/return'), ['reason']);
    await look(officer, 'return-refused');
    form = formTo(officer, '/return');
    await fill(form, { reason: t.back });
    await send(officer, form, { twice: true });
    await library.goto(at(`/undertakings/${undertaking}`));
    await expect(library.locator('main')).toContainText(t.back);
    const second = await handIn(t.again, [LIST]);
    await visitor.goto(at(`/undertakings/${undertaking}`));
    await expect(visitor.locator('main'), 'not public before it is accepted').not.toContainText(t.again);
    await officer.goto(at(`/deliverables/${second}`));
    form = formTo(officer, '/acceptance');
    await fill(form, { note: t.accepted });
    await send(officer, form, { twice: true });

    // --- money: four people ----------------------------------------------------------------------------------------------
    await library.goto(at(`/undertakings/${undertaking}`));
    await press(library, library.locator('.remark.now a.button'));
    form = formTo(library, '/instalments');
    const [planned] = await form.locator('[name="instalment"] option:not([value=""])').evaluateAll((all) => all.map((one) => one.value));
    await fill(form, { instalment: planned, note: t.purpose });
    await look(library, 'request');
    await send(library, form, { twice: true });
    const money = at(`/instalments/${planned}`);
    await library.goto(money);
    await expect(formTo(library, '/approval'), 'who asks does not approve').toHaveCount(0);
    const approver = await people('finance');
    await approver.goto(at('/desk'));
    await approver.goto(money);
    await send(approver, formTo(approver, '/approval'), { twice: true });
    await expect(formTo(approver, '/payment'), 'who approves does not pay').toHaveCount(0);
    await expect(approver.locator('main')).toContainText(t.threePeople);
    await look(approver, 'approved');
    const payer = await people('finance-2');
    await payer.goto(money);
    await refused(payer, formTo(payer, '/payment'), ['reference']);
    form = formTo(payer, '/payment');
    await fill(form, { reference: '2027-0017' });
    await send(payer, form, { twice: true });
    await expect(formTo(payer, '/reconciliation'), 'who pays does not reconcile').toHaveCount(0);
    await lead.goto(money);
    form = formTo(lead, '/reconciliation');
    await fill(form, { statement: t.statement, amount: '12,100' });
    await refused(lead, form, ['amount'], { amount: '12,100', statement: t.statement });
    await look(lead, 'reconcile-refused');
    await fill(form, { amount: '12,000' });
    await send(lead, form, { twice: true });
    await officer.goto(at(`/undertakings/${undertaking}`));
    await look(officer, 'undertaking');
    await send(officer, formTo(officer, `/undertakings/${undertaking}/publication`));
    await send(officer, formTo(officer, '/settlement'), { twice: true });

    // --- evaluation by somebody from outside ------------------------------------------------------------------------------
    await lead.goto(at(`/undertakings/${undertaking}/evaluation`));
    form = formTo(lead, '/evaluation');
    const names = await form.locator('.pick label').allTextContents();
    expect(names.join(), 'who scored the offers is not offered').not.toMatch(/陈怀远|Anna Keller/);
    await fill(form, { others: 'panel-lead@example.org', due_on: day(node, 90) });
    await press(lead, form.locator('button').first());
    await expect(lead.locator('.errors'), 'nor taken by address').toBeVisible();
    await look(lead, 'appoint-refused');
    await fill(form, { others: 'evaluator@example.org' });
    await send(lead, form, { twice: true });
    const evaluation = idOf(lead.url());
    const judge = await people('evaluator');
    await judge.goto(at(`/evaluations/${evaluation}`));
    await send(judge, formTo(judge, '/declaration'), { twice: true });
    for (const [i, state] of ['met', 'cannot-tell'].entries()) {
      await press(judge, judge.locator('main p a.button'));
      form = formTo(judge, new URL(judge.url()).pathname);
      if (i === 0) {
        await fill(form, said({ found: t.found[0] }));
        await refused(judge, form, ['state'], { [`found_${t.tag}`]: t.found[0] });
        await look(judge, 'finding-refused');
      }
      form = formTo(judge, new URL(judge.url()).pathname);
      await fill(form, { state, source: i === 0 ? 'https://example.org/report' : '', ...said({ found: t.found[i], note: i === 0 ? '' : t.note }) });
      await send(judge, form);
    }
    await press(judge, judge.locator('main p a.button'));
    form = formTo(judge, '/summary');
    await fill(form, said({ summary: t.judgement }));
    await send(judge, form, { twice: true });
    await visitor.goto(at(`/evaluations/${evaluation}`));
    await expect(visitor.locator('main'), 'findings are public once they are published').not.toContainText(t.judgement);
    await library.goto(at(`/evaluations/${evaluation}`));
    await press(library, library.locator('a.button[href$="/reply"]'));
    form = formTo(library, '/reply');
    await fill(form, { text: t.reply });
    await send(library, form);
    await judge.goto(at(`/evaluations/${evaluation}`));
    await send(judge, formTo(judge, '/publication'), { twice: true });
    await look(judge, 'evaluation');

    // --- told in the open --------------------------------------------------------------------------------------------------
    await expect.poll(() => cell(visitor), { message: 'the cell is filled', timeout: 20_000 }).toMatch(/^1/);
    await visitor.goto(at(`/programmes/${item}`));
    const story = visitor.locator('main');
    for (const words of [t.better, t.aim, t.call, t.award, t.milestone, t.aims[0][0], t.found[0], t.judgement]) {
      await expect(story).toContainText(words);
    }
    await look(visitor, 'programme');
    await visitor.goto(at('/programmes'));
    await expect(visitor.getByRole('link', { name: t.better }).first()).toBeVisible();
    // A form that was answered is empty the next time.
    if (javaScriptEnabled) {
      await lead.goto(at('/plan/items/new'));
      await expect(lead.locator(`[name="title_${t.tag}"]`)).toHaveValue('');
    }
  });
}
