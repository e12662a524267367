// What people do with forms, the same with and without scripts.
import { expect } from './fixtures.mjs';

/** The form that posts to an address ending like this. */
export const formTo = (page, tail) => page.locator(`form[method="post"][action$="${tail}"]`);

/** Types, chooses and ticks: by name, as the browser would send it. An array ticks several. */
export async function fill(form, values) {
  for (const [name, value] of Object.entries(values)) {
    const control = form.locator(`[name="${name}"]`);
    const first = control.first();
    const kind = await first.evaluate((one) => (one.localName === 'input' ? one.type : one.localName));
    if (kind === 'select') await first.selectOption(value);
    else if (kind === 'radio') await form.locator(`[name="${name}"][value="${value}"]`).check();
    else if (kind === 'checkbox') {
      for (const box of await control.all()) await box.setChecked([value].flat().includes(await box.getAttribute('value')));
    } else if (kind === 'file') await first.setInputFiles(value);
    else await first.fill(value);
  }
}

/** Presses a button and waits for the answer. */
export async function press(page, button, { twice = false } = {}) {
  const answered = page.waitForEvent('load');
  await (twice ? button.dblclick() : button.click());
  await answered;
  // The second of two clicks may bring the same answer once more.
  if (twice) await page.waitForLoadState('networkidle');
}

const main = (form) => form.locator('button:not([name])').first();

/** Sends a form that is well: the next page says that it was done. */
export async function send(page, form, how = {}) {
  await press(page, main(form), how);
  await expect(page.locator('.errors'), `no fault at ${page.url()}`).toHaveCount(0);
  await expect(page.locator('.pad-notice [role="status"]'), `a word that it was done, at ${page.url()}`).toBeVisible();
}

/** Sends a form that is not well: the fields named show why, the summary leads to each, and what was typed is still there. */
export async function refused(page, form, fields, typed = {}) {
  await press(page, main(form));
  const summary = page.locator('.errors');
  await expect(summary).toBeVisible();
  for (const name of fields) {
    const id = `f-${name}`;
    await expect(summary.locator(`a[href="#${id}"]`), `the summary leads to ${name}`).toHaveCount(1);
    await expect(page.locator(`[id="${id}-e"]`), `${name} says why`).not.toBeEmpty();
    await expect(form.locator(`[id="${id}"]`)).toBeVisible();
  }
  for (const [name, value] of Object.entries(typed)) {
    await expect(page.locator(`main [name="${name}"]`).first(), `${name} is kept`).toHaveValue(value);
  }
}

/** The home calendar's day, so many days from the node's today. */
export function day(node, days) {
  const moment = new Date(Date.now() + (node.daysOn + days) * 86_400_000);
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(moment);
}

/** Moves the demonstration's clock on by a week, with the form at the foot of the page. */
export async function aWeekOn(node, page) {
  const form = formTo(page, '/demo/clock');
  await form.locator('select').selectOption('week');
  await press(page, form.locator('button'));
  node.daysOn += 7;
}
