// Forms under the hands of a person in a hurry: reloads, double taps, mistakes.

import assert from "node:assert/strict";
import { enrol, fifteenth, fifteenthToLeave, fillFiling, submit, tick, toReview } from "./support/steps.mjs";
import { open, says } from "./support/browser.mjs";

// How many filings the inspector's agency has, as the API says.
async function filings({ guide }) {
  let count = 0;
  for (let cursor = ""; cursor !== null; ) {
    const page = `${guide.url}/api/v1/filings?limit=100${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
    const answer = await fetch(page, { headers: { authorization: `Bearer ${guide.agency_api_token}` } });
    assert.equal(answer.status, 200, `${page} answered ${answer.status}`);
    const { items, next_cursor } = await answer.json();
    count += items.length;
    cursor = next_cursor ?? null;
  }
  return count;
}

// Enrolled once: what the phone knows then, each of these tests begins with.
let enrolled;

async function toForm({ demo, browser }, options) {
  if (!enrolled) {
    const first = await browser.phone({});
    await enrol(first, demo);
    enrolled = await first.context().storageState();
  }
  const page = await browser.phone({ ...options, state: enrolled });
  await open(page, `${demo.guide.enterprise_url}/file`);
  return page;
}

async function doubleTap(tools, script) {
  const page = await toForm(tools, { script });
  const before = await filings(tools.demo);
  await fillFiling(page);
  await toReview(page);
  const button = page.locator('button[name="step"][value="send"]');
  await button.dblclick({ noWaitAfter: true });
  // Without script the second tap breaks off the navigation of the first, even where its receipt is on the way already;
  // so what is waited for is the page, not one of the two navigations.
  await page.locator("#door").waitFor();
  await page.waitForLoadState("networkidle");
  assert.match(page.url(), /\/f\//);
  assert.equal(await filings(tools.demo), before + 1);
}

// Fills the form for a no-disturb day and takes the first day that the verdict offers.
async function moves(tools, script) {
  const page = await toForm(tools, { script });
  const asked = fifteenthToLeave();
  await fillFiling(page, asked);
  // Of the first matter others of these tests have filed visits by now, from which no day of the list is far enough.
  await page.locator('input[name="matters"]').first().uncheck({ force: true });
  await page.locator('input[name="matters"]').nth(2).check({ force: true });
  if (!script) await submit(page, page.locator('button.sec[formaction$="/check"]'));
  const button = page.locator('#verdict button[name="move_to"]').first();
  await button.waitFor();
  const day = await button.getAttribute("value");
  assert.notEqual(day, asked);
  await submit(page, button);
  assert.equal(await page.locator("#date").inputValue(), day);
  assert.equal(await page.locator("#planned_start").inputValue(), "14:00");
  assert.doesNotMatch(await page.locator("#verdict").innerText(), /NDD-01/);
  if (!script) return;
  assert.equal(await page.locator("#restored").innerText(), "");
  // What the server said is the draft from then on.
  await open(page, `${tools.demo.guide.enterprise_url}/file`);
  assert.equal(await page.locator("#date").inputValue(), day);
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
  ["what comes back is unfolded and said, and can be cleared", async (tools) => {
    const page = await toForm(tools, {});
    assert.equal(await page.locator("#restored").innerText(), "");
    await page.locator("details.card", { has: page.locator("#note") }).locator("summary").click();
    await page.locator("#note").fill("带好记录仪");
    await page.reload();
    assert.ok(await page.locator("#note").isVisible(), "what was restored stays folded away");
    assert.equal(await page.locator("#note").inputValue(), "带好记录仪");
    assert.match(await page.locator("#restored").innerText(), /已恢复上次未提交的内容/);
    await page.locator("#restored button").click();
    assert.equal(await page.locator("#note").inputValue(), "");
    assert.equal(await page.locator("#restored").innerText(), "");
    await page.reload();
    assert.equal(await page.locator("#note").inputValue(), "");
    assert.equal(await page.locator("#restored").innerText(), "");
  }],
  ["a better day is chosen with one tap", (tools) => moves(tools, true)],
  ["a better day is chosen with one tap without script", (tools) => moves(tools, false)],
  ["a result that was tapped by mistake is corrected", async (tools) => {
    const page = await toForm(tools, {});
    await tick(page, 'input[name="matters"]');
    await toReview(page);
    await submit(page, page.locator('button[name="step"][value="send"]'));
    await submit(page, page.locator('form[action$="/arrive"] button'));
    await page.locator('form[action$="/leave"] summary').click();
    const above = await page.locator('form[action$="/leave"] details').boundingBox();
    const below = await page.locator('form[action$="/leave"] details + *').boundingBox();
    assert.ok(below.y >= above.y + above.height + 8, "the last box touches the button");
    await submit(page, page.locator('button[name="result"][value="no_problem"]'));
    await says(page, "报备时间");
    await submit(page, page.locator('a.cell[href$="/result"]'));
    await tick(page, 'input[name="result"][value="order_to_rectify"]');
    await submit(page, page.locator(".bar button"));
    assert.match(await page.locator(".errors a").innerText(), /^更正的原因：/);
    await page.locator("#correct_reason").fill("点错了");
    await submit(page, page.locator(".bar button"));
    await says(page, "责令整改");
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
