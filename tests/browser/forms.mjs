// Forms under the hands of a person in a hurry: reloads, double taps, mistakes.

import assert from "node:assert/strict";
import { enrol, fifteenth, fillFiling, submit, tick, toReview } from "./support/steps.mjs";
import { open, says } from "./support/browser.mjs";

// How many filings the inspector's agency has, as the API says.
async function filings({ guide }) {
  let count = 0;
  for (let next = `${guide.url}/api/v1/filings?limit=100`; next; ) {
    const answer = await fetch(next, { headers: { authorization: `Bearer ${guide.agency_api_token}` } });
    assert.equal(answer.status, 200, `${next} answered ${answer.status}`);
    const page = await answer.json();
    count += page.items.length;
    const cursor = page.next ?? page.next_cursor ?? null;
    next = cursor && (String(cursor).startsWith("/") || String(cursor).startsWith("http") ? new URL(cursor, guide.url).href : `${guide.url}/api/v1/filings?limit=100&after=${encodeURIComponent(cursor)}`);
  }
  return count;
}

async function toForm({ demo, browser }, options) {
  const page = await browser.phone(options);
  await enrol(page, demo);
  await open(page, `${demo.guide.enterprise_url}/file`);
  return page;
}

async function doubleTap(tools, script) {
  const page = await toForm(tools, { script });
  const before = await filings(tools.demo);
  await fillFiling(page);
  await toReview(page);
  const button = page.locator('button[name="step"][value="send"]');
  await Promise.all([page.waitForURL(/\/f\//), button.dblclick({ noWaitAfter: true })]);
  await page.waitForLoadState();
  assert.equal(await filings(tools.demo), before + 1);
}

export const tests = [
  ["a draft survives a reload, and is gone once it is sent", async (tools) => {
    const page = await toForm(tools, {});
    await fillFiling(page);
    await page.reload();
    assert.equal(await page.locator("#date").inputValue(), fifteenth());
    assert.equal(await page.locator("#planned_start").inputValue(), "14:00");
    assert.ok(await page.locator('input[name="matters"]').first().isChecked());
    await toReview(page);
    await submit(page, page.locator('button[name="step"][value="send"]'));
    await open(page, `${tools.demo.guide.enterprise_url}/file`);
    assert.ok(!(await page.locator('input[name="matters"]').first().isChecked()), "the draft is still there");
  }],
  ["a double tap sends one filing", (tools) => doubleTap(tools, true)],
  ["a double tap sends one filing without script", (tools) => doubleTap(tools, false)],
  ["what is wrong is said at the top and at the field, and nothing typed is lost", async (tools) => {
    const page = await toForm(tools, {});
    await tick(page, "#when-day");
    await page.locator("#date").selectOption(fifteenth());
    await page.locator("#planned_start").fill("16:00");
    await page.locator("#planned_end").fill("14:00");
    await page.locator(".bar button").click();
    await page.locator(".errors").waitFor();
    assert.match(await page.title(), /^错误：/);
    const link = page.locator(".errors a").first();
    assert.ok(await page.locator(await link.getAttribute("href")).count(), "the summary's link leads nowhere");
    assert.equal(await page.evaluate(() => document.activeElement.className), "errors");
    assert.equal(await page.locator("#planned_start").inputValue(), "16:00");
    await says(page, "检查事项");
  }],
];
