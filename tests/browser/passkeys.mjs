// Passkeys with Chromium's own authenticator: registered, used to sign in without a password, removed. On a server of its own under the name
// localhost, since browsers offer passkeys for names over https and for this one.

import assert from "node:assert/strict";
import { accessible, doubleText, fits, open, quiet, says, worded } from "./support/browser.mjs";
import { Office } from "./support/office.mjs";
import { signIn, submit } from "./support/steps.mjs";

const OWN = "/console/settings/passkeys";

// An authenticator inside this browser that knows its owner.
async function authenticator(page) {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  const options = { protocol: "ctap2", transport: "internal", hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true };
  const { authenticatorId } = await cdp.send("WebAuthn.addVirtualAuthenticator", { options });
  return {
    credentials: async () => (await cdp.send("WebAuthn.getCredentials", { authenticatorId })).credentials,
    knowsOwner: (isUserVerified) => cdp.send("WebAuthn.setUserVerified", { authenticatorId, isUserVerified }),
  };
}

// The page holds on a phone and on a desk, by day and by night. MASHANG_PICTURES is a folder that keeps what it looks like.
async function look(page, name) {
  const folder = process.env.MASHANG_PICTURES;
  for (const width of [375, 1280]) {
    await page.setViewportSize({ width, height: 900 });
    await fits(page, name);
    await worded(page, name);
    for (const colorScheme of ["light", "dark"]) {
      await page.emulateMedia({ colorScheme });
      // Colours of buttons change gently.
      await page.waitForTimeout(400);
      await accessible(page, `${name} at ${width} px, ${colorScheme}`);
      if (folder) await page.screenshot({ path: `${folder}/${name}-${width}-${colorScheme}.png`, fullPage: true, scale: "css" });
    }
  }
  await page.emulateMedia({ colorScheme: "light" });
}

async function signOut(page) {
  await submit(page, page.locator('form[action="/console/sign-out"] button').last());
}

const useButton = (page) => page.locator("#passkey");

export const tests = [
  ["a passkey is registered, signs in without a password, and after its removal does not", async ({ browser }) => {
    const office = await Office.start("localhost");
    try {
      const page = await browser.desk();
      const key = await authenticator(page);
      await open(page, `${office.url}/console/sign-in`);
      await useButton(page).waitFor();
      await look(page, "sign-in");
      await signIn(page, office.operator);
      await open(page, `${office.url}${OWN}`);

      // With a wrong password the browser is not asked, and the page says so in its place.
      await page.locator("#name").fill("办公室电脑");
      await page.locator("#current").fill("not this one");
      await page.locator("form[data-passkey] .btn").click();
      await page.locator("[data-passkey-says]").getByText("现在的密码不对").waitFor();
      assert.equal((await key.credentials()).length, 0);
      await page.locator("#current").fill(office.operator.password);
      await submit(page, page.locator("form[data-passkey] .btn"));
      assert.equal(page.url(), `${office.url}${OWN}`);
      await says(page, "办公室电脑");
      const [made] = await key.credentials();
      assert.ok(made.isResidentCredential && made.rpId === "localhost", JSON.stringify(made));
      await look(page, "passkeys");

      // The browser itself refuses a second one of the same person on the same device.
      await page.locator("#name").fill("又一个");
      await page.locator("#current").fill(office.operator.password);
      await page.locator("form[data-passkey] .btn").click();
      await page.locator("[data-passkey-says]").getByText("已经有您的通行密钥").waitFor();

      await page.setViewportSize({ width: 1280, height: 900 });
      await signOut(page);
      await open(page, `${office.url}/console/settings`);
      await submit(page, useButton(page));
      assert.equal(page.url(), `${office.url}/console/settings`, "on to the page that was asked for");
      await says(page, "已有 1 个");
      await look(page, "settings");
      await open(page, `${office.url}${OWN}`);
      await says(page, "最近使用");

      // Who is not the owner of the device.
      await page.setViewportSize({ width: 1280, height: 900 });
      await signOut(page);
      await key.knowsOwner(false);
      await open(page, `${office.url}/console/sign-in`);
      await useButton(page).click();
      await page.locator("[data-passkey-says]").getByText("没有通过验证").waitFor();
      await key.knowsOwner(true);
      await submit(page, useButton(page));

      await open(page, `${office.url}${OWN}`);
      await page.locator("details.card summary").click();
      await page.locator('input[name="passkey"]').check({ force: true });
      await page.locator("#current-remove").fill(office.operator.password);
      await look(page, "passkey-remove");
      await page.setViewportSize({ width: 1280, height: 900 });
      await submit(page, page.locator("details.card .btn.danger"));
      await signOut(page);
      await open(page, `${office.url}/console/sign-in`);
      await submit(page, useButton(page));
      await says(page, "通行密钥登录没有成功");
      await look(page, "sign-in-refused");
      await open(page, `${office.url}/console/enterprises`);
      assert.match(page.url(), /sign-in/, "nobody is signed in");
      await doubleText(page);
      await fits(page, "the sign-in page with double text");
      quiet(page);

      const plain = await browser.phone({ script: false });
      await open(plain, `${office.url}/console/sign-in`);
      assert.ok(!(await useButton(plain).isVisible()), "without script the password is all there is");
    } finally {
      await office.stop();
    }
  }],
];
