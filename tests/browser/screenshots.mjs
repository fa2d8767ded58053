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
  await verdict.evaluate((el) => el.scrollIntoView({ block: "center" }));
  await shoot(phone, "verdict");
  const desk = await browser.phone({ height: 720 });
  await open(desk, `${demo.guide.url}/console/violations`);
  await signIn(desk, demo.guide.supervisor);
  await desk.locator("table.rows tbody tr a").first().click();
  await shoot(desk, "violation");
} finally {
  await browser.stop();
  await demo.stop();
}
