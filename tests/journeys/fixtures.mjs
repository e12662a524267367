// What every journey starts from:
//
//   import { test, expect, languages } from './fixtures.mjs';
//   for (const { code, name } of languages) {
//     test(`an office publishes a call (${name})`, async ({ page, signIn, expectAccessible }) => { ... });
//   }
import AxeBuilder from '@axe-core/playwright';
import { expect, test as base } from '@playwright/test';
import { join, resolve } from 'node:path';
import { startNode } from './node.mjs';

export { expect };

/** The languages of the interface: the first part of each address, and what the page says of itself. */
export const languages = [
  { code: 'en', tag: 'en', name: 'English' },
  { code: 'zh', tag: 'zh-Hans', name: '中文' },
];

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22a', 'wcag22aa', 'best-practice'];
const SHOTS = resolve(import.meta.dirname, '../../.tools/shots');

/** Collects what breaks on a page: script errors, blocked content, server errors. */
function watched(page, faults) {
  page.on('pageerror', (fault) => faults.push(`script: ${fault.message}`));
  page.on('console', (line) => {
    if (/content security policy/i.test(line.text())) faults.push(`blocked: ${line.text()}`);
  });
  page.on('response', (answer) => {
    if (answer.status() >= 500) faults.push(`${answer.status()}: ${answer.url()}`);
  });
  return page;
}

/** axe is a script itself: where scripts are off, it looks at a copy of the page as it stands, whose own stay off. */
async function copied(page, browser) {
  const dark = await page.evaluate(() => matchMedia('(prefers-color-scheme: dark)').matches);
  const html = (await page.content()).replaceAll(/<\/?noscript>/g, '');
  const context = await browser.newContext({
    javaScriptEnabled: true,
    viewport: page.viewportSize(),
    colorScheme: dark ? 'dark' : 'light',
    storageState: await page.context().storageState(),
  });
  const copy = await context.newPage();
  await copy.route('**/*', (route) => {
    const kind = route.request().resourceType();
    if (kind === 'document') return route.fulfill({ contentType: 'text/html; charset=utf-8', body: html });
    return kind === 'script' ? route.abort() : route.continue();
  });
  await copy.goto(page.url());
  return copy;
}

/** One line for each place that breaks a rule, with axe's own word on what is wrong there. */
function described(rule) {
  return rule.nodes.map((place) => {
    const why = [...place.any, ...place.all, ...place.none][0]?.message ?? rule.help;
    return `${rule.id}: ${place.target.join(' ')}: ${why}`;
  });
}

/** A node for one worker. A file that names it anew has workers, and so nodes, that no other file's journeys look at. */
export const ownNode = [
  async ({}, use) => {
    const node = await startNode();
    await use(node);
    await node.stop();
  },
  { scope: 'worker', timeout: 150_000 },
];

export const test = base.extend({
  /** The node that this worker's journeys share: one per worker, with data of its own. */
  node: ownNode,

  baseURL: async ({ node }, use) => use(node.url),

  /** A page on which nothing may break unseen: no script error, no blocked content, no server error. */
  page: async ({ page }, use) => {
    const faults = [];
    await use(watched(page, faults));
    expect(faults, 'nothing broke on the way').toEqual([]);
  },

  /** people('finance'): that role's own browser, signed in; people('visitor') has no account. One each, kept for the test. */
  people: async ({ browser, signIn }, use) => {
    const faults = [];
    const pages = new Map();
    await use(async (role) => {
      if (!pages.has(role)) {
        const page = watched(await (await browser.newContext()).newPage(), faults);
        if (role !== 'visitor') await signIn(page, role);
        pages.set(role, page);
      }
      return pages.get(role);
    });
    for (const page of pages.values()) await page.context().close();
    expect(faults, 'nothing broke on the way').toEqual([]);
  },

  /** signIn(page, 'office-lead'): by the link that the demo prints for that role. */
  signIn: async ({ node }, use) => {
    await use(async (page, role) => {
      const answer = await page.goto(await node.signInUrl(role));
      expect(answer.status(), `signing in as ${role}`).toBeLessThan(400);
    });
  },

  /** expectAccessible(page): no violation of WCAG 2.0 to 2.2 A and AA, nor of axe's best practice; or of these rules only. */
  expectAccessible: async ({ browser, javaScriptEnabled }, use) => {
    await use(async (page, only) => {
      const looked = javaScriptEnabled ? page : await copied(page, browser);
      // Colours on their way from one theme to the other are nobody's contrast.
      await looked.evaluate(() => Promise.allSettled(document.getAnimations().filter((a) => a.effect.getComputedTiming().endTime !== Infinity).map((a) => a.finished)));
      // No page of ours holds a frame: axe need not open a page of its own to look into several.
      const axe = new AxeBuilder({ page: looked }).options({ resultTypes: ['violations'] }).setLegacyMode(true);
      const { violations } = await (only ? axe.withRules(only) : axe.withTags(RULES)).analyze();
      if (looked !== page) await looked.context().close();
      // Soft: a long journey tells all of its faults at once.
      expect.soft(violations.flatMap(described), `accessibility of ${page.url()}`).toEqual([]);
    });
  },

  /** noSideways(page): the page never scrolls sideways; names what sticks out. */
  noSideways: async ({}, use) => {
    await use(async (page) => {
      const wide = await page.evaluate(() => {
        const width = document.documentElement.clientWidth;
        if (document.documentElement.scrollWidth <= width) return [];
        const names = [...document.body.querySelectorAll('*')]
          .filter((one) => one.getBoundingClientRect().right > width + 0.5)
          .map((one) => `${one.localName}${one.className ? `.${String(one.className).split(' ').join('.')}` : ''}`);
        return ['the page scrolls sideways', ...names.slice(0, 8)];
      });
      expect.soft(wide, `width of ${page.url()}`).toEqual([]);
    });
  },

  /** shoot(page, 'home-zh'): a picture of the whole page in .tools/shots/PROJECT/, to be looked at. */
  shoot: async ({}, use, { project }) => {
    await use((page, name) => page.screenshot({
      path: join(SHOTS, project.name, `${name}.png`), fullPage: true, animations: 'disabled',
    }));
  },
});
