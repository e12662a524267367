// A visitor without an account reads, in either language, on a desktop, on a phone and without scripts.
import { expect, languages, test } from './fixtures.mjs';

for (const { code, tag, name } of languages) {
  test(`a visitor opens the home page (${name})`, async ({ page, expectAccessible, noSideways, shoot }) => {
    const answer = await page.goto(`/${code}`);
    expect(answer.status()).toBe(200);
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
    await expect(page.getByRole('heading', { level: 1 })).toHaveCount(1);
    await expect(page.getByRole('main')).toBeVisible();
    await noSideways(page);
    await expectAccessible(page);
    await shoot(page, `home-${code}`);
  });

  test(`the home page in the dark (${name})`, async ({ page, expectAccessible, shoot }) => {
    await page.emulateMedia({ colorScheme: 'dark' });
    await page.goto(`/${code}`);
    await expectAccessible(page);
    await shoot(page, `home-dark-${code}`);
  });

  test(`an address that leads nowhere says so (${name})`, async ({ page, expectAccessible, noSideways, shoot }) => {
    const answer = await page.goto(`/${code}/no-such-page`);
    expect(answer.status()).toBe(404);
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
    await expect(page.getByRole('main').getByRole('link').first()).toBeVisible();
    await noSideways(page);
    await expectAccessible(page);
    await shoot(page, `not-found-${code}`);
  });
}
