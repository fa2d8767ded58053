// A new operator's first week with only the console: a spreadsheet becomes enterprises, a town's posters come out of the printer, and what
// happens to a sign afterwards is said wherever the sign is seen.

import assert from "node:assert/strict";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { get } from "node:http";
import { join } from "node:path";
import { accessible, fits, open, quiet, says, worded } from "./support/browser.mjs";
import { decode, decodePages } from "./support/codes.mjs";
import { FAULTY, ROWS, corrected, table } from "./support/faults.mjs";
import { Office } from "./support/office.mjs";
import { wordsOfPdf } from "./support/papers.mjs";
import { signIn, submit, tick } from "./support/steps.mjs";

const TOWN = "西彭镇";
const GBK = readFileSync(new URL("../data/enterprises-gbk.csv", import.meta.url));
// The enterprises of the town in both files.
const HERE = new TextDecoder("gbk").decode(GBK).trimEnd().split("\n").map((line) => line.split(",")).filter((cells) => cells[2] === TOWN);
const NAMES = [...HERE.map(([name]) => name), ...[...FAULTY.values()].map(({ right }) => right[0]), ...ROWS.slice(-4).map(([name]) => name)];
const [REPLACED, REVOKED] = ["重庆䶮㙟20号机械有限公司", "重庆新桥08号机械有限公司"];
const REASON = "门卫说码牌被人撕走了";
const LONG = 120_000;

// The page holds on a phone and on a desk. MASHANG_PICTURES is a folder that keeps what it looks like.
async function look(page, name) {
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await fits(page, `${name} at ${width} px`);
    await worded(page, name);
    const folder = process.env.MASHANG_PICTURES;
    if (!folder) continue;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: join(folder, `${name}-${width}.png`), scale: "css", fullPage: true });
  }
  await accessible(page, name);
}

// What a link leads to, with the cookies of the page, within a time of its own.
async function download(page, link, path) {
  const answer = await page.request.get(new URL(await link.getAttribute("href"), page.url()).href, { timeout: LONG });
  assert.equal(answer.status(), 200);
  const bytes = await answer.body();
  writeFileSync(path, bytes);
  return bytes;
}

// Uploads a file of enterprises and waits for its preview, with the figures of its tabs.
async function upload(page, office, name, bytes) {
  await open(page, `${office.url}/console/import`);
  const path = join(office.folder, name);
  writeFileSync(path, bytes);
  await tick(page, 'input[name="registry"][value="enterprises"]');
  await page.locator("#file").setInputFiles(path);
  await submit(page, page.locator('form[action="/console/import"] button'));
  await page.locator("nav.tabs").waitFor({ timeout: LONG });
  const tabs = await page.locator("nav.tabs a").evaluateAll((all) => all.map((tab) => [tab.firstChild.textContent.trim(), Number(tab.querySelector(".count").textContent)]));
  return Object.fromEntries(tabs);
}

async function confirmImport(page) {
  await submit(page, page.locator('form[action$="/apply"] button.btn'));
  await page.locator('form[action$="/undo"]').waitFor({ timeout: LONG });
  assert.equal(await page.locator(".head .state").innerText(), "已导入");
}

// Every row that the import's page rejects, over all its pages: the number of the row and what is said of it.
async function rejections(page) {
  await submit(page, page.locator('nav.tabs a[href*="rejected"]'));
  const said = new Map();
  for (;;) {
    for (const row of await page.locator("table.rows:not(.scroll *) tbody tr").all()) {
      const [number, , why] = await row.locator("td").allInnerTexts();
      said.set(Number(number.replace(/\D/g, "")), why.replace(/\s+/g, " "));
    }
    const next = page.locator('a[rel="next"]');
    if ((await next.count()) === 0) return said;
    await submit(page, next);
  }
}

async function importBoth(page, office) {
  const all = await upload(page, office, "enterprises-gbk.csv", GBK);
  assert.deepEqual(all, { 新增: 1200, 变更: 0, 不变: 0, 退回: 0 });
  await page.locator("main details.card > summary").click();
  await says(page, "GBK / GB18030");
  await look(page, "preview");
  await confirmImport(page);
  await look(page, "applied");

  // Fifty rows: what is said of each fault names the column and what to do. The sound rows go in, the others come back as a file.
  const some = await upload(page, office, "faults.csv", table(ROWS));
  assert.deepEqual(some, { 新增: ROWS.length - FAULTY.size, 变更: 0, 不变: 0, 退回: FAULTY.size });
  const said = await rejections(page);
  assert.deepEqual([...said.keys()], [...FAULTY.keys()]);
  const unsaid = [...FAULTY].filter(([row, fault]) => !said.get(row).includes(fault.column) || !fault.says.test(said.get(row)));
  assert.deepEqual(unsaid.map(([row, fault]) => `row ${row}, ${fault.name}: ${said.get(row)}`), []);
  await look(page, "rejected");
  const file = await download(page, page.locator('a[href$="/rejected.csv"]'), join(office.folder, "rejected.csv"));
  await tick(page, 'input[name="skip_bad"]');
  await confirmImport(page);

  // What is in the registry and not in this file is listed, and stays as it is unless somebody asks for more.
  const rest = await upload(page, office, "corrected.csv", corrected(file.toString("utf8")));
  assert.deepEqual(rest, { 新增: FAULTY.size, 变更: 0, 不变: 0, 退回: 0, 不在文件里: 1200 + ROWS.length - FAULTY.size });
  await confirmImport(page);
}

// The posters of the town: every page has one code, which opens the page of the enterprise whose name is printed beside it.
async function printTown(page, office) {
  await open(page, `${office.url}/console/sheets`);
  await page.locator("#town").selectOption(TOWN);
  await submit(page, page.locator("form.filters button"));
  await says(page, `${NAMES.length}`);
  await look(page, "sheets");
  await submit(page, page.locator('form[method="post"][action="/console/sheets"] button'));
  const link = page.locator('a.btn[href$="/file"]');
  await link.waitFor({ timeout: LONG });
  await look(page, "made");
  const pdf = join(office.folder, "posters.pdf");
  await download(page, link, pdf);
  const [cover, ...posters] = decodePages(pdf, office.folder);
  assert.deepEqual(cover, []);
  const printed = new Map();
  for (const [at, codes] of posters.entries()) {
    assert.equal(codes.length, 1, `page ${at + 2} has ${codes.length} codes that can be read`);
    const answer = await fetch(codes[0]);
    assert.equal(answer.status, 200, codes[0]);
    const words = wordsOfPdf(pdf, at + 2);
    const opened = await answer.text();
    const name = NAMES.find((name) => opened.includes(name));
    assert.ok(name && words.includes(name), `page ${at + 2} opens the page of ${name}, but is printed:\n${words}`);
    printed.set(name, codes[0]);
  }
  assert.deepEqual([...printed.keys()].sort(), [...NAMES].sort());
  await submit(page, page.locator('.acts a.btn.sec[href*="/console/sheets"]'));
  await submit(page, page.locator("table.rows tbody a").first());
  await submit(page, page.locator('form[action$="/printed"] button'));
  await says(page, `已记录 ${NAMES.length} 块码牌付印`);
  await look(page, "batch");
  return printed;
}

// The page of the one sign in use of an enterprise, found in the list of signs.
async function signOf(page, office, name) {
  await open(page, `${office.url}/console/signs?q=${encodeURIComponent(name)}`);
  await submit(page, page.locator("table.rows tbody tr td a.mono").first());
  await says(page, name);
  return page.url();
}

const state = (page) => page.locator(".head .state").first().innerText();

// What is to be seen of a replaced sign: on its own page, on the phone that scans it, on the page of the new one and that of the enterprise.
async function replaceOne(page, office, phone, printed) {
  await signOf(page, office, REPLACED);
  // That it was scanned is stored some seconds later.
  for (let waited = 0; waited < 20 && (await state(page)) === "已印制"; waited += 1) {
    await page.waitForTimeout(1000);
    await page.reload();
  }
  assert.equal(await state(page), "使用中");
  await submit(page, page.locator('form[action$="/rotate"] button'));
  assert.equal(await state(page), "已更换");
  await says(page, /换新码，新码牌 \d{4}-\d{6}，旧码 30 天后停用/);
  await look(page, "replaced");
  await open(phone, printed.get(REPLACED));
  await says(phone, "这块码牌已更换");
  await says(phone, REPLACED);

  await submit(page, page.locator('dt:text-is("新码牌") + dd a'));
  assert.equal(await state(page), "已生成");
  await open(phone, await decode(page.locator("img.qr")));
  await says(phone, REPLACED);
  assert.ok(!(await phone.locator("main").innerText()).includes("已更换"));
  await submit(page, page.locator('dt:text-is("企业") + dd a'));
  await says(page, "已更换");
  await says(page, "已生成");
  await look(page, "enterprise-replaced");
}

// What is to be seen of a revoked one: it opens at once nothing and names nobody, and the office reads why.
async function revokeOne(page, office, phone, printed) {
  const sign = await signOf(page, office, REVOKED);
  await page.locator("#reason").fill(REASON);
  await submit(page, page.locator('form[action$="/revoke"] button'));
  assert.equal(page.url(), sign);
  assert.equal(await state(page), "已作废");
  await says(page, `作废：${REASON}`);
  await look(page, "revoked");
  const answer = await phone.goto(printed.get(REVOKED));
  assert.equal(answer.status(), 410);
  await says(phone, "这个码已经停用");
  assert.ok(!(await phone.content()).includes(REVOKED));
  await look(phone, "revoked-scan");
  await submit(page, page.locator('dt:text-is("企业") + dd a'));
  await says(page, REASON);
  await look(page, "enterprise-revoked");
  await open(page, `${office.url}/console/signs?tab=revoked`);
  assert.deepEqual(await page.locator('table.rows td:nth-child(2) > a').allInnerTexts(), [REVOKED]);
  await look(page, "signs-revoked");
}

// What is left to print in the town is the new sign alone.
async function printRest(page, office) {
  await open(page, `${office.url}/console/sheets?scope=never_printed&town=${encodeURIComponent(TOWN)}`);
  await says(page, "1 块码牌");
}

// After a change of the public address the operator reads how many signs carry the old one, and the old one still opens.
async function changeAddress(page, office, printed) {
  await page.goto("about:blank");
  const old = await office.move();
  await open(page, `${office.url}/console/signs`);
  if (page.url().includes("/console/sign-in")) await signIn(page, office.operator);
  await says(page, /\d+ 块已印制的码牌上印的是旧网址/);
  await look(page, "old-address");
  const [name, code] = [...printed].find(([name]) => name !== REPLACED && name !== REVOKED);
  const { hostname, port } = new URL(office.url);
  const [status, text] = await ask({ hostname, port, path: new URL(code).pathname, headers: { host: new URL(old).host } });
  assert.equal(status, 200, "the old address does not answer");
  assert.ok(text.includes(name));
  const [foreign] = await ask({ hostname, port, path: "/", headers: { host: "elsewhere.example" } });
  assert.equal(foreign, 421);
}

// Asks as a proxy does that hands on the host of another address.
function ask(options) {
  return new Promise((resolve, reject) => {
    get(options, async (answer) => {
      let text = "";
      for await (const part of answer.setEncoding("utf8")) text += part;
      resolve([answer.statusCode, text]);
    }).on("error", reject);
  });
}

async function firstWeek({ browser }) {
  const office = await Office.start();
  try {
    const page = await browser.desk();
    await open(page, `${office.url}/console/import`);
    await signIn(page, office.operator);
    await importBoth(page, office);
    const printed = await printTown(page, office);
    const phone = await browser.phone();
    await replaceOne(page, office, phone, printed);
    await revokeOne(page, office, phone, printed);
    await printRest(page, office);
    await changeAddress(page, office, printed);
    quiet(page);
    quiet(phone);
  } finally {
    await office.stop();
  }
}

export const tests = [["a new operator's first week, from a spreadsheet to posters on walls", firstWeek]];
