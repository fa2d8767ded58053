// The loop of supervision on the scenario of 2024, with nothing but the console: 63 problems are seen, the seven units are urged, they
// answer or do not, time passes, and each case ends: one accepted, one returned, one circulated. Then the month is reported.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fits, quiet, says, worded } from "./support/browser.mjs";
import { District } from "./support/district.mjs";
import { wordsOfDocx, wordsOfPdf } from "./support/papers.mjs";
import { submit, tick } from "./support/steps.mjs";

// Suspected problems of severity 2 and more, by unit, as the scenario has them.
const PROBLEMS = new Map([
  ["区生态环境局", 11],
  ["区应急管理局", 11],
  ["区市场监督管理局", 9],
  ["区住房和城乡建设委员会", 9],
  ["杨家坪街道办事处", 9],
  ["区消防救援支队", 8],
  ["西彭镇人民政府", 6],
]);
// A report of an enterprise is among the problems of these: what is asked of them waits for the next batch.
const BY_BATCH = ["区生态环境局", "区应急管理局", "区市场监督管理局", "区消防救援支队"];
const [ACCEPTED, RETURNED, SILENT] = ["西彭镇人民政府", "区应急管理局", "杨家坪街道办事处"];
const SPAN = "from=2023-12-01&to=2024-04-30";

// The page holds on a phone and on a desk. MASHANG_PICTURES is a folder that keeps what it looks like.
async function look(page, name) {
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await fits(page, name);
    await worded(page, name);
    const folder = process.env.MASHANG_PICTURES;
    if (!folder) continue;
    mkdirSync(folder, { recursive: true });
    await page.screenshot({ path: `${folder}/${name}-${width}.png`, fullPage: true, scale: "css" });
  }
}

// The figures of the dashboard by their names.
async function figures(page) {
  const all = await page.locator(".stat").evaluateAll((tiles) => tiles.map((tile) => [tile.lastChild.textContent.trim(), Number(tile.firstChild.textContent)]));
  return Object.fromEntries(all);
}

// Asks a unit about all its problems.
async function urge(page, district, supervisor, agency) {
  await district.visit(page, supervisor, "/console/violations");
  await page.locator("#agency").selectOption({ label: agency });
  await submit(page, page.locator("form.filters button"));
  const boxes = page.locator('table.rows input[name="v"]');
  assert.equal(await boxes.count(), PROBLEMS.get(agency), agency);
  for (const box of await boxes.all()) await box.check();
  await submit(page, page.locator(".bulk button:not([formaction])"));
  await says(page, agency);
  const waits = BY_BATCH.includes(agency);
  // The days count from when it leaves.
  await says(page, waits ? "请在 4月23日（周二）前说明" : "请在 4月22日（周一）前说明");
  assert.equal(await page.locator(".asked > li").count(), PROBLEMS.get(agency), agency);
  const text = await page.locator("main .card").first().innerText();
  assert.doesNotMatch(text, /企业上报|上报人|回执/, "what the agency reads tells of a report");
  if (agency === RETURNED) await look(page, "preview");
  if (waits) await says(page, "将随下一批发出：4月16日（周二）10:00");
  else await tick(page, 'input[name="when"][value="now"]');
  await submit(page, page.locator("main form button.btn"));
  if (waits) await says(page, "说明要求在等下一批");
  else assert.match(page.url(), /\/console\/explanations\//);
}

// The request of a unit, from the list.
async function openRequest(page, district, person, agency) {
  await district.visit(page, person, "/console/explanations");
  const rows = page.locator("table.rows tbody tr");
  await submit(page, (agency ? rows.filter({ hasText: agency }) : rows).locator("a").first());
}

// A liaison reads what is asked and answers it.
async function answer(page, district, liaison, agency, { choice, words, document, files, left }) {
  await openRequest(page, district, liaison);
  await says(page, `还有 ${left} 个工作日`);
  assert.equal(await page.locator(".asked > li").count(), PROBLEMS.get(agency));
  await tick(page, `input[name="choice"][value="${choice}"]`);
  await page.locator("#words").fill(words);
  await page.locator("#document").fill(document);
  await page.locator("#files").setInputFiles(files);
  await look(page, `answer-${choice}`);
  await submit(page, page.locator('form[action$="/answer"] button'));
  await says(page, words);
  await says(page, document);
}

// A file behind a link or button of a page.
async function download(page, link, folder) {
  const [file] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const path = `${folder}/${file.suggestedFilename()}`;
  await file.saveAs(path);
  return path;
}

// Makes the report of a month and takes it.
async function monthly(page, district, supervisor, month, reader, paper) {
  await district.visit(page, supervisor, "/console/monthly");
  await page.locator("#month").fill(month);
  await tick(page, `input[name="reader"][value="${reader}"]`);
  await tick(page, `input[name="paper"][value="${paper}"]`);
  if (reader === "internal" && paper === "docx") await look(page, "monthly");
  await submit(page, page.locator('form[action="/console/monthly"] button'));
  const link = page.locator("a[download]");
  await link.waitFor({ timeout: 60_000 });
  const path = await download(page, link, district.folder);
  assert.ok(path.endsWith(`.${paper}`), path);
  return paper === "pdf" ? wordsOfPdf(path) : wordsOfDocx(path);
}

// Holds the reports of a month against its dashboard, whose figures it returns.
async function reports(page, district, supervisor, month, last) {
  await district.visit(page, supervisor, `/console/dashboard?from=${month}-01&to=${month}-${last}`);
  const seen = await figures(page);
  const title = `月度报告（${month.slice(0, 4)}年${Number(month.slice(5))}月）`;
  const headings = ["一、总体情况", "二、主要数据", "三、突出问题", "四、典型情形", "五、下步建议"];
  for (const paper of ["docx", "pdf"]) {
    const internal = await monthly(page, district, supervisor, month, "internal", paper);
    const told = [
      `共有${seen["报备单位"]}个单位报备入企检查${seen["报备"]}次`,
      `收到企业上报${seen["企业上报"]}件`,
      `疑似问题${seen["疑似问题"]}件`,
      `已认定${seen["认定问题"]}件`,
      `要求${seen["督促单位"]}个单位作出说明`,
    ];
    for (const words of [title, ...headings, ...told]) assert.ok(internal.includes(words), `${words} is not in the ${paper}: ${internal}`);
    const safe = await monthly(page, district, supervisor, month, "agencies", paper);
    for (const words of [title, ...headings, `报备单位${seen["报备单位"]}个`]) assert.ok(safe.includes(words), `${words} is not in the ${paper}: ${safe}`);
    assert.doesNotMatch(safe, /企业上报|疑似问题|认定/, "the agencies' report tells too much");
  }
  return seen;
}

async function loop({ browser }) {
  const district = await District.load("2024-04-15 09:30");
  try {
    assert.match(district.said, /17 units, 234 records, 63 problems/);
    const supervisor = district.user("wang@jdb.example", "王监督", "supervisor", ["--office", "discipline"]);
    const liaisons = new Map();
    for (const agency of PROBLEMS.keys()) {
      liaisons.set(agency, district.user(`liaison${liaisons.size + 1}@jlp.example`, `${agency.slice(1, 3)}联络员`, "liaison", ["--agency", agency]));
    }
    await district.serve();
    const desk = await browser.desk();

    // What the district has.
    await district.visit(desk, supervisor, `/console/dashboard?${SPAN}`);
    let seen = await figures(desk);
    assert.equal(seen["报备单位"], 17);
    assert.equal(seen["报备"] + seen["企业上报"], 234);
    await says(desk, "共 234 条记录");
    assert.equal(seen["疑似问题"], 63);
    assert.equal(seen["认定问题"], 0);
    assert.equal(seen["督促单位"], 0);
    await look(desk, "dashboard");
    await district.visit(desk, supervisor, "/console/violations");
    await look(desk, "inbox");

    // Seven units are urged: three at once, four with the batch of the next morning.
    for (const agency of PROBLEMS.keys()) await urge(desk, district, supervisor, agency);
    await district.until("2024-04-16 10:05");
    assert.deepEqual(await district.mails("说明要求", 7), [...liaisons.values()].map((one) => one.email).sort());
    await district.visit(desk, supervisor, `/console/dashboard?${SPAN}`);
    seen = await figures(desk);
    assert.deepEqual([seen["疑似问题"], seen["认定问题"], seen["督促单位"]], [63, 0, 7]);

    // Three working days before the end of the first, and one day later of the others, they are reminded; two answer.
    await district.until("2024-04-17 09:00");
    assert.equal((await district.mails("期限提醒", 3)).length, 3);
    const phone = await browser.phone();
    const files = [{ name: "现场照片.png", mimeType: "image/png", buffer: await phone.screenshot() }, { name: "整改报告.pdf", mimeType: "application/pdf", buffer: await desk.pdf() }];
    await answer(phone, district, liaisons.get(ACCEPTED), ACCEPTED, { choice: "corrected", words: "无扰日的检查已经停止，以后提前安排。", document: "西府函〔2024〕12号", files, left: 3 });
    const other = await browser.phone();
    await answer(other, district, liaisons.get(RETURNED), RETURNED, { choice: "exception", words: "有投诉举报线索，另文说明。", document: "应急函〔2024〕31号", files: [], left: 4 });

    // One answer is accepted and its cases are closed, one goes back.
    await openRequest(desk, district, supervisor, ACCEPTED);
    await says(desk, "西府函〔2024〕12号");
    await says(desk, "属实，已整改");
    await look(desk, "review");
    const photo = await download(desk, desk.locator('main a[href*="/files/"]').first(), district.folder);
    assert.match(photo, /\.png$/);
    await submit(desk, desk.locator('button[name="act"][value="accept"]'));
    await says(desk, "已采纳");
    await district.visit(desk, supervisor, "/console/violations");
    assert.match(await desk.locator(".tabs").innerText(), new RegExp(`已关闭\\s*${PROBLEMS.get(ACCEPTED)}(?!\\d)`));
    await openRequest(desk, district, supervisor, RETURNED);
    await desk.locator("#return_words").fill("请补充每一次检查的依据。");
    await submit(desk, desk.locator('button[name="act"][value="return"]'));
    await says(desk, "请补充每一次检查的依据。");
    await openRequest(other, district, liaisons.get(RETURNED));
    await says(other, "请补充每一次检查的依据。");
    await look(other, "returned");

    // The day after the end the heads of two units hear that they are late; five working days later it is listed, and circulated.
    await district.until("2024-04-23 09:00");
    assert.deepEqual(await district.mails("逾期提醒", 2), ["yjp@jlp.example", "zjw@jlp.example"]);
    await district.until("2024-05-06 09:00");
    await district.mails("列入通报", 1);
    await district.visit(desk, supervisor, "/console/circulation");
    await says(desk, SILENT);
    assert.ok(!(await desk.locator("main").innerText()).includes(ACCEPTED), "who answered is listed");
    await look(desk, "circulation");
    const listed = desk.locator("table.rows tbody tr").filter({ hasText: SILENT });
    await submit(desk, listed.locator('button[value="circulated"]'));
    await district.visit(desk, supervisor, "/console/circulation");
    assert.equal(await listed.locator('button[value="circulated"]').count(), 0);
    await district.visit(desk, supervisor, "/console/violations");
    await look(desk, "inbox-late");

    // The months are reported: the figures are those of the dashboard.
    const march = await reports(desk, district, supervisor, "2024-03", 31);
    assert.ok(march["疑似问题"] > 0 && march["督促单位"] === 0, JSON.stringify(march));
    const april = await reports(desk, district, supervisor, "2024-04", 30);
    assert.equal(april["督促单位"], 7);
    await look(desk, "report");
    for (const page of [desk, phone, other]) quiet(page);
  } finally {
    await district.stop();
  }
}

export const tests = [["the loop of supervision on the scenario of 2024", loop]];
