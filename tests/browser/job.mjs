// The main job from end to end, as a person does it on a phone: scan, file, see the verdict, get the receipt; read the alert, open the
// violation; report a visit, see it as unreported. Once with script and once without.

import assert from "node:assert/strict";
import { enrol, fillFiling, report, send, signIn, toReview } from "./support/steps.mjs";
import { fits, open, quiet, says } from "./support/browser.mjs";
import { decode } from "./support/codes.mjs";

// Scans, files for the 15th of next month, and returns the receipt's page.
async function file({ demo, browser }, script) {
  const phone = await browser.phone({ script });
  await enrol(phone, demo);
  await open(phone, demo.guide.enterprise_url);
  await says(phone, demo.guide.enterprise.name);
  await fits(phone, "the page behind the code");
  await phone.locator('a.choice[href$="/file"]').click();
  await fillFiling(phone);
  if (!script) await phone.locator('button.sec[formaction$="/check"]').click();
  // The verdict is there before anything is sent.
  const verdict = phone.locator("#verdict .verdict");
  await verdict.waitFor();
  const words = await verdict.innerText();
  assert.match(words, /NDD-01/, words);
  assert.match(words, /无扰日/, words);
  await toReview(phone);
  await says(phone, "请核对");
  await says(phone, "NDD-01");
  await send(phone);
  await phone.waitForURL(/\/f\//);
  await says(phone, demo.guide.enterprise.name);
  await fits(phone, "the receipt");
  return phone;
}

// The mails to the supervisor, as the mailbox lists them.
async function alerts(page, guide) {
  await open(page, guide.mailbox_url);
  return page.locator(`a.cell:has-text("${guide.supervisor.email}")`).evaluateAll((all) => all.map((a) => a.getAttribute("href")));
}

// A filing can break several rules, and each has a mail of its own.
async function openOneThatSays(page, guide, hrefs, words) {
  for (const href of hrefs) {
    await open(page, guide.url + href);
    if ((await page.locator("main").innerText()).includes(words)) return;
  }
  assert.fail(`none of ${hrefs.length} new mails says ${words}`);
}

async function mainJob(tools, script) {
  const { demo, browser } = tools;
  const { guide } = demo;
  const mail = await browser.phone({ script });
  const before = await alerts(mail, guide);

  const phone = await file(tools, script);
  assert.match(await phone.locator(".receipt .big").first().innerText(), /[2-9A-Z]{4}/);
  const door = await decode(phone.locator("#door img.qr"));
  assert.match(door, new RegExp(`^${guide.url}/i/[2-9A-Z]{13}$`), door);
  quiet(phone);

  // What the enterprise scans at the door opens on its phone too.
  const clerk = await browser.phone({ script });
  await open(clerk, door);
  await says(clerk, guide.enterprise.name);

  // The alert is in the mailbox, and its link leads to the violation after signing in.
  const fresh = (await alerts(mail, guide)).filter((href) => !before.includes(href));
  assert.notEqual(fresh.length, 0, "no new mail to the supervisor");
  await openOneThatSays(mail, guide, fresh, "NDD-01");
  await mail.locator('main a[href*="/console/violations/"]').click();
  await signIn(mail, guide.supervisor);
  assert.match(mail.url(), /\/console\/violations\/[0-9a-f-]{36}/);
  await says(mail, "无扰日");
  await says(mail, guide.enterprise.name);
  await fits(mail, "the violation");

  // The enterprise reports a visit of an agency that has not filed.
  const { agency, receipt } = await report(clerk, guide);
  assert.match(receipt.replace(/\D/g, ""), /^\d{16}$/);
  await open(mail, `${guide.url}/console/violations`);
  // The agency still has three working days to file it: until then it is a notice.
  await mail.locator('a[href*="tab=notice"]').click();
  const row = mail.locator("table.rows tbody tr", { hasText: agency }).first();
  await row.locator("a").first().click();
  await says(mail, "未报备");
  await says(mail, "FIL-04");
  await says(mail, agency);
  quiet(mail);
  quiet(clerk);
}

export const tests = [
  ["the main job on a phone", (tools) => mainJob(tools, true)],
  ["the main job without script", (tools) => mainJob(tools, false)],
];
