// Every page that the tests know the way to: in both languages, light and dark, for axe; at 320 px and with text twice as large, for the
// width. Pages of the console are found by its own menu, so that a new one is looked at without being named here.

import assert from "node:assert/strict";
import { accessible, doubleText, fits, open, quiet, unbroken, worded } from "./support/browser.mjs";
import { enrol, fillFiling, send, signIn, submit, toReview } from "./support/steps.mjs";

// Pages that anybody may open.
async function publicPages({ guide }) {
  return [guide.url, guide.enterprise_url, `${guide.enterprise_url}/enterprise`, `${guide.enterprise_url}/report`, guide.agency_url, `${guide.url}/calendar`, `${guide.url}/r`, `${guide.url}/i`, `${guide.url}/console/sign-in`, guide.mailbox_url];
}

// The pages of an inspector, whose phone is enrolled, and of a filing of theirs.
async function inspectorPages({ demo, browser }) {
  const page = await browser.phone();
  await enrol(page, demo);
  const urls = [page.url(), demo.guide.enterprise_url, `${demo.guide.enterprise_url}/file`];
  await open(page, urls[2]);
  await fillFiling(page);
  await toReview(page);
  await send(page);
  urls.push(page.url(), `${page.url()}/change`, `${page.url()}/cancel`, `${demo.guide.url}/my`);
  // Another one, which is cancelled.
  await open(page, urls[2]);
  await fillFiling(page);
  await toReview(page);
  await send(page);
  urls.push(page.url());
  await open(page, `${page.url()}/cancel`);
  await page.locator("#cancel_reason").fill("企业停产");
  await submit(page, page.locator(".acts button"));
  await open(page, `${demo.guide.url}/my`);
  const over = await page.locator("a.cell", { has: page.locator(".state.done") }).first().getAttribute("href");
  urls.push(demo.guide.url + over, `${demo.guide.url + over}/result`);
  return { state: await page.context().storageState(), urls };
}

// The pages of the console that a role has in its menu, and the first page behind each list.
async function consolePages({ demo, browser }, person) {
  const page = await browser.desk();
  await open(page, `${demo.guide.url}/console/sign-in`);
  await signIn(page, person);
  const links = (selector) => page.locator(selector).evaluateAll((all) => all.map((a) => a.href));
  const menu = [...new Set(await links('nav a[href^="/console"]'))].filter((href) => !href.includes("sign-out"));
  const urls = new Set([page.url(), ...menu]);
  for (const url of menu) {
    await open(page, url);
    const path = new URL(url).pathname;
    const behind = (await links("main table.rows a, main .cells a")).find((href) => href.includes("/console/") && new URL(href).pathname !== path);
    if (behind) urls.add(behind);
  }
  return { state: await page.context().storageState(), urls: [...urls] };
}

const BOTH = ["zh-CN", "en"];

async function lookAt(browser, urls, state) {
  assert.ok(urls.length > 0);
  const wrong = [];
  const attempt = async (work) => {
    try { await work(); } catch (error) { wrong.push(error.message); }
  };
  for (const lang of BOTH) {
    for (const dark of [false, true]) {
      const page = await browser.phone({ lang, dark, state });
      for (const url of urls) {
        const where = `${url} (${lang}, ${dark ? "dark" : "light"})`;
        await attempt(async () => {
          await open(page, url);
          assert.equal(await page.locator("html").getAttribute("lang"), lang, where);
          await worded(page, where);
          await accessible(page, where);
          if (lang === "en") await unbroken(page, where);
        });
      }
      quiet(page);
    }
    const narrow = await browser.phone({ lang, state, width: 320, height: 568 });
    for (const url of urls) {
      await attempt(async () => {
        await open(narrow, url);
        await fits(narrow, `${url} (${lang}, 320 px)`);
      });
      await attempt(async () => {
        await narrow.setViewportSize({ width: 375, height: 760 });
        await doubleText(narrow);
        await fits(narrow, `${url} (${lang}, text twice as large)`);
        await narrow.setViewportSize({ width: 320, height: 568 });
      });
    }
  }
  assert.equal(wrong.length, 0, `${wrong.length} things:\n${[...new Set(wrong)].join("\n\n")}`);
}

const console_ = (role, who) => [`every page of the console fits and is accessible: ${role}`, async (tools) => {
  const { urls, state } = await consolePages(tools, who(tools.demo.guide));
  await lookAt(tools.browser, urls, state);
}];

export const tests = [
  ["every public page fits and is accessible", async (tools) => lookAt(tools.browser, await publicPages(tools.demo))],
  ["every page of an inspector fits and is accessible", async (tools) => {
    const { urls, state } = await inspectorPages(tools);
    await lookAt(tools.browser, urls, state);
  }],
  console_("supervisor", (guide) => guide.supervisor),
  console_("liaison", (guide) => guide.liaison),
  console_("operator", (guide) => guide.operator),
  console_("administrator", (guide) => guide.admin),
];
