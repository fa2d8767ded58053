// Many reports from one network: the 31st waits, the 61st works, without script it is held; every one gets its receipt. Runs last: the network of
// these tests is that of all others.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { accessible, doubleText, fits, open, quiet, says, worded } from "./support/browser.mjs";
import { signIn } from "./support/steps.mjs";

const WAITS = "请稍等，还没有提交";

// What the last page of a report sends.
function answers(agency, words) {
  const now = new Date().toISOString();
  return { submission: randomBytes(24).toString("base64url"), step: "6", go: "send", what: "inspection", words, agency, when: "now", at: now, certificate: "yes" };
}

// Sends a form as a browser of this site does.
async function post(url, fields) {
  const headers = { "content-type": "application/x-www-form-urlencoded", origin: new URL(url).origin, "sec-fetch-site": "same-origin", "accept-language": "zh-CN" };
  return fetch(url, { method: "POST", headers, body: new URLSearchParams(fields), redirect: "manual" });
}

function pass(text) {
  return text.match(/name="pass" value="([^"]+)"/)[1];
}

// Accepts reports until the network has so many; those that wait do so together.
async function flood(url, agency, count) {
  const sent = Array.from({ length: count }, () => answers(agency, "一次很多"));
  const waiting = [];
  for (const fields of sent) {
    const answer = await post(url, fields);
    if (answer.status === 303) continue;
    assert.equal(answer.status, 200);
    waiting.push({ ...fields, pass: pass(await answer.text()) });
  }
  if (waiting.length === 0) return;
  await new Promise((resolve) => setTimeout(resolve, 11_000));
  for (const fields of waiting) assert.equal((await post(url, fields)).status, 303);
}

// Fills the report's form on its first page and sends all of it in one go, as its last page does.
async function send(page, url, fields) {
  await open(page, url);
  await page.evaluate((values) => {
    const form = document.createElement("form");
    form.method = "post";
    for (const [name, value] of Object.entries(values)) {
      const input = document.createElement("input");
      [input.type, input.name, input.value] = ["hidden", name, value];
      form.append(input);
    }
    document.body.append(form);
    form.submit();
  }, fields).catch(() => {});
  await page.waitForURL((to) => to.href.includes("/receipt/") || to.href === url);
  await page.waitForLoadState();
}

export const tests = [
  ["a report from a crowded network waits, works, or is held, and always has its receipt", async ({ demo, browser }) => {
    const { guide } = demo;
    const url = `${guide.enterprise_url}/report`;
    const look = process.env.MASHANG_SHOTS;
    const shot = async (page, name) => { if (look) await page.screenshot({ path: `${look}/${name}.png`, fullPage: true }); };
    // The agencies are named in the second question.
    const list = await (await post(url, { ...answers("", ""), step: "1", go: "next", submission: randomBytes(24).toString("base64url") })).text();
    const agency = list.match(/<option value="([0-9a-f-]{36})"/)[1];

    // Other tests may have sent some without a PIN.
    await flood(url, agency, 30);
    for (const lang of ["zh-CN", "en"]) {
      const page = await browser.phone({ lang });
      await page.route("**/open-form*.js", (route) => route.abort());
      await send(page, url, answers(agency, "等待"));
      await worded(page, "the wait");
      await accessible(page, "the wait");
      await fits(page, "the wait");
      await shot(page, `wait-${lang}`);
      await doubleText(page);
      await fits(page, "the wait with large text");
    }
    const waits = await browser.phone();
    await send(waits, url, answers(agency, "三十一"));
    await says(waits, WAITS);
    await waits.waitForURL(/\/receipt\//, { timeout: 40_000 });
    await says(waits, "已经收下");
    quiet(waits);

    await flood(url, agency, 29);
    const works = await browser.phone();
    const scripts = [];
    works.on("request", (request) => scripts.push(request.url()));
    const began = Date.now();
    await send(works, url, answers(agency, "六十一"));
    await works.waitForURL(/\/receipt\//, { timeout: 30_000 });
    await says(works, "已经收下");
    assert.ok(scripts.some((script) => /\/static\/work-/.test(script)), "the worker was asked for");
    assert.ok(Date.now() - began < 30_000);
    quiet(works);

    for (const lang of ["zh-CN", "en"]) {
      const plain = await browser.phone({ script: false, lang });
      const fields = answers(agency, "没有脚本");
      // A browser without script cannot be made to send a form of ours: its request is changed on the way.
      await plain.route(url, (route) => route.continue({ method: "POST", postData: new URLSearchParams(fields).toString(), headers: { ...route.request().headers(), "content-type": "application/x-www-form-urlencoded" } }), { times: 1 });
      await plain.goto(url);
      assert.ok(!(await plain.locator("main").innerText()).includes("正在自动核对"), "nothing is said to run that does not");
      await shot(plain, `work-${lang}`);
      await plain.locator("main form button").click();
      await plain.waitForURL(/\/receipt\//);
    }

    for (const [lang, desk] of [["zh-CN", true], ["zh-CN", false], ["en", true]]) {
      const page = desk ? await browser.desk({ lang }) : await browser.phone({ lang });
      await open(page, `${guide.url}/console/sign-in`);
      await signIn(page, guide.supervisor);
      await open(page, `${guide.url}/console/quarantine?ticked=yes`);
      await worded(page, "what is held");
      await fits(page, "what is held");
      await accessible(page, "what is held");
      await shot(page, `held-${lang}-${desk ? "desk" : "phone"}`);
      if (lang !== "en") continue;
      await page.locator('button[name="act"][value="release"]').click();
      await page.waitForURL(/done=release/);
      await shot(page, "held-done");
      quiet(page);
    }
  }],
];
