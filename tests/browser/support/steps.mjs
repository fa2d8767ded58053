// What a person does on the pages, found by the names of fields as the server reads them.

import { open, says } from "./browser.mjs";

// Enrols this phone for the demonstration's inspector.
export async function enrol(page, demo) {
  await open(page, demo.invite());
  await page.locator("#pin").fill(demo.guide.inspector.pin);
  await page.locator("#pin_again").fill(demo.guide.inspector.pin);
  await submit(page, page.locator(".bar button"));
}

// Presses a button and waits for the page that it leads to.
export async function submit(page, button) {
  await Promise.all([page.waitForNavigation(), button.click()]);
}

// Year, month and day where the district is.
function today() {
  return new Intl.DateTimeFormat("en-CA", { timeZone: "Asia/Shanghai" }).format(new Date()).split("-").map(Number);
}

// The 15th of so many months later.
function fifteenthAfter(months) {
  const [year, month] = today();
  return new Date(Date.UTC(year, month - 1 + months, 15)).toISOString().slice(0, 10);
}

// The 15th of next month.
export function fifteenth() {
  return fifteenthAfter(1);
}

// A no-disturb day with an open day behind it that takes one more visit. The tests file so much on the 15th of next month that none of that month
// does (DUP-03), and in the first days of a month the form, which offers 60 days, does not reach far enough into the month after.
export function fifteenthToLeave() {
  const [, , day] = today();
  return fifteenthAfter(day <= 4 ? 0 : 1);
}

// Ticks a box or a radio button that a label covers.
export async function tick(page, selector) {
  await page.locator(selector).first().check({ force: true });
}

// Fills the filing form for a no-disturb day.
export async function fillFiling(page, day = fifteenth()) {
  await tick(page, 'input[name="inspectors"]');
  await tick(page, 'input[name="matters"]');
  await tick(page, "#when-day");
  await page.locator("#date").selectOption(day);
  await page.locator("#planned_start").fill("14:00");
  await page.locator("#planned_end").fill("16:00");
  await page.locator("#planned_end").dispatchEvent("change");
}

// From the form to the review.
export async function toReview(page) {
  await submit(page, page.locator('.bar button:not([name="step"])'));
}

// From the review to the receipt.
export async function send(page) {
  await submit(page, page.locator('button[name="step"][value="send"]'));
}

// Signs in to the console; goes on to where the person wanted to go.
export async function signIn(page, person) {
  await page.locator("#email").fill(person.email);
  await page.locator("#password").fill(person.password);
  await submit(page, page.locator('main form[action="/console/sign-in"] button.wide'));
}

const next = (page) => submit(page, page.locator('button.wide[name="go"][value="next"]'));

// Reports a visit of just now by the last agency of the list, with the enterprise's PIN.
export async function report(page, guide) {
  await open(page, guide.enterprise_url);
  await page.locator('a.choice[href$="/enterprise"]').click();
  await page.locator('a.cell[href$="/report"]').click();
  await says(page, guide.enterprise.name);
  await next(page);
  await tick(page, 'input[name="what"][value="inspection"]');
  await next(page);
  const option = page.locator("#agency_list option").last();
  const agency = (await option.innerText()).trim();
  await page.locator("#agency_list").selectOption(await option.getAttribute("value"));
  await next(page);
  await tick(page, 'input[name="when"][value="now"]');
  await next(page);
  await tick(page, 'input[name="certificate"][value="no"]');
  await next(page);
  await next(page);
  await page.locator("#pin").fill(guide.enterprise.pin);
  await submit(page, page.locator('button.wide[name="go"][value="send"]'));
  return { agency, receipt: await page.locator(".receipt .big").innerText() };
}
