// Debian's Chromium by playwright-core, with phones as small as they come, and what every page is held against.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import assert from "node:assert/strict";

const require = createRequire(`${process.env.MASHANG_MODULES}/package.json`);
const { chromium } = require("playwright-core");
const AXE = readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];

export class Browser {
  static async start() {
    const flags = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-dev-shm-usage", "--lang=zh-CN"];
    const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
    return new Browser(await chromium.launch({ executablePath, headless: true, args: flags }));
  }

  constructor(chromium) {
    this.chromium = chromium;
    this.contexts = [];
  }

  // A phone of its own with its cookies: 375 px wide, Chinese, with script, in daylight, unless told otherwise.
  async phone({ width = 375, height = 760, script = true, lang = "zh-CN", dark = false, state } = {}) {
    const context = await this.chromium.newContext({
      viewport: { width, height },
      deviceScaleFactor: 2,
      isMobile: true,
      hasTouch: true,
      javaScriptEnabled: script,
      locale: lang,
      colorScheme: dark ? "dark" : "light",
      storageState: state,
    });
    context.setDefaultTimeout(15_000);
    this.contexts.push(context);
    const page = await context.newPage();
    const wrong = [];
    page.on("pageerror", (error) => wrong.push(`script error: ${error.message}`));
    page.on("console", (message) => {
      // A wrong form answers 422 on purpose, and the browser notes every such status.
      if (message.type() === "error" && !/status of 4\d\d/.test(message.text())) wrong.push(`console: ${message.text()}`);
    });
    page.on("request", (request) => {
      const url = request.url();
      if (!/^(data|blob|about):/.test(url) && !["127.0.0.1", "localhost"].includes(new URL(url).hostname)) wrong.push(`asked another host: ${url}`);
    });
    page.complaints = wrong;
    return page;
  }

  // A desk with a wide screen.
  desk(options = {}) {
    return this.phone({ width: 1280, height: 900, ...options });
  }

  async closePages() {
    // A page that cannot be closed must not hold up the others.
    const late = new Promise((resolve) => setTimeout(resolve, 30_000).unref());
    for (const context of this.contexts.splice(0)) await Promise.race([context.close(), late]);
  }

  stop() {
    return this.chromium.close();
  }
}

// Opens a page, which must be there.
export async function open(page, url) {
  const answer = await page.goto(url);
  assert.equal(answer.status(), 200, `${url} answered ${answer.status()}`);
}

// The page has these words where a person sees them.
export async function says(page, words) {
  const text = await page.locator("main").innerText();
  assert.ok(words instanceof RegExp ? words.test(text) : text.includes(words), `“${words}” is not on ${page.url()}:\n${text}`);
}

// Every message has its words: one that is missing shows its key in square brackets.
export async function worded(page, where) {
  const text = await page.locator("body").innerText();
  assert.doesNotMatch(text, /\[[a-z][a-z0-9_]*(-[a-z0-9_]+)*\]/, `${where} lacks words`);
}

// No script went wrong and no other host was asked.
export function quiet(page) {
  assert.deepEqual(page.complaints, []);
}

// Nothing sticks out to the right.
export async function fits(page, where) {
  const wide = await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    const out = [...document.querySelectorAll("body *")].filter((el) => el.getBoundingClientRect().right > width + 1 && getComputedStyle(el).position !== "absolute");
    return { scroll: document.documentElement.scrollWidth, width, out: out.slice(0, 5).map((el) => `${el.tagName}.${el.className}: ${el.textContent.trim().slice(0, 40)}`) };
  });
  assert.ok(wide.scroll <= wide.width + 1, `${where} is ${wide.scroll} px wide on ${wide.width} px:\n${wide.out.join("\n")}`);
}

// No word of a list of facts is broken in its middle.
export async function unbroken(page, where) {
  const broken = await page.evaluate(() => {
    const found = [];
    for (const dt of document.querySelectorAll(".facts dt")) {
      const texts = document.createTreeWalker(dt, NodeFilter.SHOW_TEXT);
      while (texts.nextNode()) {
        for (const word of texts.currentNode.textContent.matchAll(/[\p{L}\d’]+/gu)) {
          const range = document.createRange();
          range.setStart(texts.currentNode, word.index);
          range.setEnd(texts.currentNode, word.index + word[0].length);
          if (range.getClientRects().length > 1) found.push(word[0]);
        }
      }
    }
    return found;
  });
  assert.deepEqual(broken, [], `${where} breaks words`);
}

// The text twice as large, as a phone's setting makes it.
export async function doubleText(page) {
  await page.evaluate(() => {
    const size = parseFloat(getComputedStyle(document.documentElement).fontSize);
    document.documentElement.style.fontSize = `${size * 2}px`;
  });
}

// axe finds nothing serious.
export async function accessible(page, where) {
  await page.evaluate(AXE);
  const result = await page.evaluate((standards) => window.axe.run(document, { runOnly: { type: "tag", values: standards } }), STANDARDS);
  const bad = result.violations.filter((v) => v.impact === "serious" || v.impact === "critical");
  const told = bad.map((v) => `${v.id} (${v.impact}): ${v.help}\n  ${v.nodes.slice(0, 3).map((n) => `${n.html}\n  ${n.failureSummary.replaceAll("\n", " ")}`).join("\n  ")}`);
  assert.equal(bad.length, 0, `${where}:\n${told.join("\n")}`);
}
