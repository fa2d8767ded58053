// Runs the browser tests one after the other over one demonstration, and counts them. `main.mjs WORDS` runs those whose name has the words.

import { Browser } from "./support/browser.mjs";
import { Demo } from "./support/demo.mjs";
import * as job from "./job.mjs";
import * as forms from "./forms.mjs";
import * as loop from "./loop.mjs";
import * as looks from "./looks.mjs";
import * as passkeys from "./passkeys.mjs";
import * as posters from "./posters.mjs";
import * as floods from "./floods.mjs";
import * as oidc from "./oidc.mjs";
import * as selftest from "./selftest.mjs";

const wanted = process.argv[2] ?? "";
const tests = [...selftest.tests, ...job.tests, ...posters.tests, ...loop.tests, ...looks.tests, ...forms.tests, ...passkeys.tests, ...floods.tests, ...oidc.tests].filter(([name]) => name.includes(wanted));
const TIME_FOR_EACH = 900_000;

const demo = await Demo.start();
const browser = await Browser.start();
let passed = 0;
const failed = [];
try {
  for (const [name, test] of tests) {
    const begin = Date.now();
    const late = new Promise((_, reject) => setTimeout(() => reject(new Error("took too long")), TIME_FOR_EACH).unref());
    try {
      await Promise.race([test({ demo, browser }), late]);
      passed += 1;
      console.log(`ok    ${name} (${((Date.now() - begin) / 1000).toFixed(1)} s)`);
    } catch (error) {
      failed.push(name);
      console.log(`FAILED ${name}\n${error.stack ?? error}`);
    } finally {
      await browser.closePages();
    }
  }
} finally {
  await browser.stop();
  await demo.stop();
}
for (const name of failed) console.log(`failed: ${name}`);
console.log(`${passed} passed, ${failed.length} failed`);
process.exit(failed.length === 0 && passed > 0 ? 0 : 1);
