// The checks that every page is held against can fail.

import assert from "node:assert/strict";
import { accessible, fits, quiet, worded } from "./support/browser.mjs";

const page = (body) => `<!doctype html><html lang="en"><head><title>t</title><meta name="viewport" content="width=device-width"></head><body><main>${body}</main></body></html>`;

export const tests = [
  ["the checks find a picture without words, a page that is too wide, missing words, and a script error", async ({ browser }) => {
    const phone = await browser.phone();
    await phone.setContent(page("<h1>Fine</h1><p>Short.</p>"));
    await accessible(phone, "a plain page");
    await fits(phone, "a plain page");
    await worded(phone, "a plain page");
    quiet(phone);
    await phone.setContent(page('<img src="data:image/gif;base64,R0lGODlhAQABAAAAACw="><p style="color:#ddd;background:#fff">Pale.</p>'));
    await assert.rejects(accessible(phone, "a bad page"), /image-alt[\s\S]*color-contrast|color-contrast[\s\S]*image-alt/);
    await phone.setContent(page('<div style="width:500px;height:9px"></div>'));
    await assert.rejects(fits(phone, "a wide page"), /500 px wide|px wide on 375/);
    await phone.setContent(page("<p>[role-of]</p>"));
    await assert.rejects(worded(phone, "a page without words"), /lacks words/);
    await phone.setContent(page('<script>setTimeout(() => { throw new Error("oh"); })</script>'));
    await phone.waitForTimeout(100);
    assert.throws(() => quiet(phone));
  }],
];
