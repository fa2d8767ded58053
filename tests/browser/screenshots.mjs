// Makes the pictures of the README: MASHANG_MODULES=target/browser MASHANG_BIN=target/release/mashang node tests/browser/screenshots.mjs

import { mkdirSync } from "node:fs";
import { Browser, open } from "./support/browser.mjs";
import { Demo } from "./support/demo.mjs";
import { enrol, fillFiling, signIn } from "./support/steps.mjs";

const folder = new URL("../../docs/images/", import.meta.url).pathname;
mkdirSync(folder, { recursive: true });
const demo = await Demo.start();
const browser = await Browser.start();
const shoot = (page, name) => page.screenshot({ path: `${folder}${name}.png`, scale: "css" });
try {
  const phone = await browser.phone({ height: 720 });
  await open(phone, demo.guide.enterprise_url);
  await shoot(phone, "landing");
  await enrol(phone, demo);
  await open(phone, `${demo.guide.enterprise_url}/file`);
  await fillFiling(phone);
  const verdict = phone.locator("#verdict .verdict");
  await verdict.waitFor();
  await phone.evaluate(() => document.activeElement.blur());
  const { y } = await verdict.boundingBox();
  const scrolled = await phone.evaluate(() => window.scrollY);
  const clip = { x: 0, y: Math.max(0, y + scrolled - 120), width: 375, height: 720 };
  await phone.screenshot({ path: `${folder}verdict.png`, scale: "css", fullPage: true, clip });
  const desk = await browser.phone({ height: 720 });
  await open(desk, `${demo.guide.url}/console/violations`);
  await signIn(desk, demo.guide.supervisor);
  await desk.locator("table.rows tbody tr", { hasText: "无扰日" }).locator("a").first().click();
  await shoot(desk, "violation");
} finally {
  await browser.stop();
  await demo.stop();
}
