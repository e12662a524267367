// Every room as every role meets it: each page that its desk and menus lead to, in both languages, on a desktop and on a
// phone, as it comes and after what people do there. And the public pages, in the dark as well.
import { expect, languages, test } from './fixtures.mjs';

const ROLES = [
  'office-lead',
  'department-officer',
  'district-officer',
  'panel-lead',
  'panel-member',
  'finance',
  'auditor',
  'organisation-delegate',
  'individual',
  'partner-city-officer',
  'evaluator',
];
/** Pages of one role at most, nearest to its desk first: what everybody reads, the office and the public look at whole. */
const MOST = { 'office-lead': 20, public: 14 };
const NEAR = 8;
/** These look on every screen and in both languages: one of each side, and of who comes from outside. */
const EVERYWHERE = ['office-lead', 'organisation-delegate', 'partner-city-officer'];
/** Pages of one kind: the second programme looks like the first. */
const ALIKE = 1;
/** Files and other languages of machines are no pages. */
const NO_PAGE = /\.(csv|xlsx|json|atom|ics|xml|txt)(\?|$)|\/(files|letter|api|demo|sign-out)(\/|$|\?)|\/feeds\//;

/** The kind of a page: its address with ids and numbers left out. */
const kindOf = (path) => path.replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '*').replace(/\/\d+(?=\/|$)/g, '/#').replace(/\?.*/, '');

/** Visits what the pages link to, the nearest first, and calls `visit` on each. What a page offers is open to its reader. */
async function crawl(page, starts, code, most, visit) {
  const queue = [...starts];
  const known = new Set(queue);
  const kinds = new Map();
  let visited = 0;
  while (queue.length > 0 && visited < most) {
    const path = queue.shift();
    const kind = kindOf(path);
    if ((kinds.get(kind) ?? 0) >= ALIKE) continue;
    kinds.set(kind, (kinds.get(kind) ?? 0) + 1);
    const answer = await page.goto(path);
    expect(answer.status(), `${path}, offered to this reader`).toBe(200);
    visited += 1;
    await visit(page, path);
    const links = await page.locator('main a[href], nav a[href]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    for (const link of links) {
      const { origin, pathname, search } = new URL(link, page.url());
      const to = pathname + search;
      const ours = origin === new URL(page.url()).origin && pathname.startsWith(`/${code}`);
      if (ours && !NO_PAGE.test(to) && !known.has(to)) {
        known.add(to);
        queue.push(to);
      }
    }
  }
  return visited;
}

/** No words that only programs say: keys without a text, placeables that nobody filled. */
async function noRawKeys(page) {
  const text = await page.locator('body').innerText();
  expect(text, `words of ${page.url()}`).not.toMatch(/No localization|\{\s*\$|undefined|NaN|\bnull\b/);
}

/** Each id stands once: a label or a link that leads to the first of two leads some readers astray. */
async function noIdTwice(page) {
  const twice = await page.locator('[id]').evaluateAll((all) => all.map((one) => one.id).filter((id, i, ids) => ids.indexOf(id) !== i));
  expect.soft(twice, `ids of ${page.url()}`).toEqual([]);
}

/** Opens what is folded away; whether there was anything. */
async function unfold(page) {
  return page.locator('main details:not([open])').evaluateAll((all) => {
    for (const one of all) one.open = true;
    return all.length > 0;
  });
}

/** Empties a field that must be filled in the first form that has one, sends it, and gets the page with the errors. */
async function askedInVain(page) {
  const required = page.locator('main form[method="post"][data-once] .field:not(:has(label .quiet)) :is(input.input:not([type="file"]), textarea)');
  for (const field of await required.all()) {
    if (!(await field.isVisible())) continue;
    await field.fill('');
    const form = field.locator('xpath=ancestor::form');
    const answered = page.waitForEvent('load');
    await form.locator('button:not([name])').first().click();
    await answered;
    await expect(page.locator('.errors').first(), `errors at ${page.url()}`).toBeVisible();
    return true;
  }
  return false;
}

for (const { code, tag, name } of languages) {
  for (const role of ROLES) {
    const everywhere = EVERYWHERE.includes(role);
    if (!everywhere && code !== 'en') continue;
    test(`every page of ${role} @script${everywhere ? '' : ' @desktop'} (${name})`, async ({ page, signIn, expectAccessible, noSideways, shoot }, { project }) => {
      test.setTimeout(480_000);
      // Once per screen and language is enough for axe and for forms in error: the languages share their markup.
      const thorough = (project.name === 'desktop') === (code === 'en');
      const looked = async (where) => {
        await expect(page.locator('html')).toHaveAttribute('lang', tag);
        await noSideways(page);
        await noRawKeys(page);
        await noIdTwice(page);
        if (thorough) await expectAccessible(page);
        if (await unfold(page)) {
          await noSideways(page);
          if (thorough) await expectAccessible(page);
        }
        if (process.env.YOUCHENG_SHOTS) await shoot(page, `${role}${kindOf(where).replace(/[^a-z#*-]+/g, '_')}-${code}`);
      };
      await signIn(page, role);
      const tried = new Set();
      const visited = await crawl(page, [`/${code}/desk`, `/${code}/my-work`, `/${code}/account`, `/${code}`], code, thorough ? MOST[role] ?? NEAR : NEAR, async (_, path) => {
        await looked(path);
        if (!thorough || tried.has(kindOf(path))) return;
        tried.add(kindOf(path));
        const there = page.url();
        if (await askedInVain(page)) {
          await looked(`${path}-refused`);
          await page.goto(there);
        }
      });
      expect(visited).toBeGreaterThan(6);
    });
  }

  test(`every public page @script (${name})`, async ({ page, expectAccessible, noSideways, shoot }, { project }) => {
    test.setTimeout(480_000);
    const thorough = (project.name === 'desktop') === (code === 'en');
    await crawl(page, [`/${code}`, `/${code}/sign-in`, `/${code}/sign-up`, `/${code}/recover`, `/${code}/rules`, `/${code}/help`], code, thorough ? MOST.public : NEAR, async (_, path) => {
      await expect(page.locator('html')).toHaveAttribute('lang', tag);
      await noSideways(page);
      await noRawKeys(page);
      await noIdTwice(page);
      if (thorough) await expectAccessible(page);
      if (await unfold(page)) {
        await noSideways(page);
        if (thorough) await expectAccessible(page);
      }
      if (thorough && project.name === 'desktop') {
        await page.emulateMedia({ colorScheme: 'dark' });
        // What the dark changes is colours.
        await expectAccessible(page, ['color-contrast', 'link-in-text-block']);
        await page.emulateMedia({ colorScheme: 'light' });
      }
      if (process.env.YOUCHENG_SHOTS) await shoot(page, `public${kindOf(path).replace(/[^a-z#*-]+/g, '_')}-${code}`);
    });
  });
}
