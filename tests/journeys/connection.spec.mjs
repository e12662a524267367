// What happens to what people typed when the way to the node breaks, is stopped, or another person takes the chair.
import { fill, formTo, press, send } from './forms.mjs';
import { expect, test } from './fixtures.mjs';

/** Text, a choice, ticks and a radio, as somebody registers an organisation. */
const TYPED = { name_zh: '两江读书会', name_en: 'Two Rivers Readers', country: 'CN', purpose: 'Reading circles', letter: '2026-3' };
const drafts = (page) => page.evaluate(() => Object.keys(sessionStorage).filter((key) => key.startsWith('draft:')));

/** Fills the form: everything typed, the second of each choice, two ticks. Returns what stands there then. */
async function fillIn(form) {
  await fill(form, TYPED);
  for (const select of await form.locator('select').all()) await select.selectOption({ index: 1 });
  for (const name of await form.locator('[type="radio"]').evaluateAll((all) => [...new Set(all.map((one) => one.name))])) {
    await form.locator(`[type="radio"][name="${name}"]`).last().check();
  }
  await form.locator('[type="checkbox"][value="culture"]').check();
  await form.locator('[type="checkbox"][value="education"]').check();
  return stands(form);
}
const stands = (form) => form.evaluate((one) => [...new FormData(one)].filter(([name, value]) => name !== 'once' && typeof value === 'string'));

test('the connection is lost in mid-form @script @desktop', async ({ page, signIn, context }) => {
  await signIn(page, 'individual');
  await page.goto('/en/organisations/new');
  const form = formTo(page, '/organisations');
  const served = await stands(form);
  const typed = await fillIn(form);
  expect(typed).not.toEqual(served);
  await context.setOffline(true);
  const failed = page.waitForEvent('requestfailed');
  await form.locator('button:not([name])').first().click();
  await failed;
  await expect(page.locator('main form')).toHaveCount(0);
  await context.setOffline(false);
  await page.goto('/en/organisations/new');
  expect(await stands(form), 'everything typed and chosen is still there').toEqual(typed);

  // Sent and answered, it does not fill the next form.
  await send(page, form);
  await page.goto('/en/organisations/new');
  expect(await stands(form)).toEqual(served);
  expect(await drafts(page)).toEqual([]);
});

test('a sending that was stopped can be sent again @script @desktop', async ({ page, signIn }) => {
  await signIn(page, 'individual');
  await page.goto('/en/account');
  const form = formTo(page, '/account/profile');
  const button = form.locator('button').first();
  let posts = 0;
  let held;
  await page.route('**/account/profile', async (route) => {
    posts += 1;
    // Not answered: the reader waits, and stops it.
    if (posts < 3) held = route;
    else await route.continue();
  });
  const stop = () => held.abort('aborted');
  await button.dblclick({ noWaitAfter: true });
  await expect.poll(() => posts).toBe(1);
  await stop();
  await button.click({ noWaitAfter: true });
  expect(posts, 'a second click at once is the same click').toBe(1);

  // By Escape, as people stop a page ...
  await page.keyboard.press('Escape');
  await button.click({ noWaitAfter: true });
  await expect.poll(() => posts).toBe(2);
  await stop();
  // ... or after a while by itself.
  await expect(form).not.toHaveAttribute('data-sent', /./, { timeout: 8_000 });
  await send(page, form);
  expect(posts).toBe(3);
});

test('whoever signs out takes unfinished words along @script @desktop', async ({ page, signIn }) => {
  await signIn(page, 'individual');
  await page.goto('/en/organisations/new');
  const form = formTo(page, '/organisations');
  const served = await stands(form);
  await fillIn(form);
  expect(await drafts(page)).toHaveLength(1);
  // The next person at this browser, with the session of the first still open.
  await signIn(page, 'organisation-delegate');
  await page.goto('/en/organisations/new');
  expect(await stands(form), 'nobody reads what another typed').toEqual(served);
  expect(await drafts(page)).toEqual([]);
  await fillIn(form);
  expect(await drafts(page)).toHaveLength(1);
  await press(page, formTo(page, '/sign-out').locator('button'));
  expect(await drafts(page)).toEqual([]);
});

test('who names no clock is offered the browser’s @script @desktop', async ({ page }) => {
  await page.goto('/en/sign-up');
  await expect(page.locator('[name="zone"]')).toHaveValue('Asia/Shanghai');
});
