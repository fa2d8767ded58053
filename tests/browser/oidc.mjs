// Signing in to the console through a provider of OpenID Connect that others wrote, from the button to the page asked for.

import assert from "node:assert/strict";
import { execFile, execFileSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accessible, fits, open, quiet, says, worded } from "./support/browser.mjs";
import { OidcProvider } from "./support/provider.mjs";
import { freePort, Server } from "./support/server.mjs";
import { signIn, submit } from "./support/steps.mjs";

const PASSWORD = "一个足够长的第一个密码";
const PEOPLE = {
  "zhou-1": { email: "zhou@qh.example.gov.cn", verified: true },
  "admin-1": { email: "admin@qh.example.gov.cn", verified: false },
  "guest-1": { email: "guest@qh.example.gov.cn", verified: true },
};

// A district with two users, and the provider that its city runs.
async function district(work) {
  const folder = mkdtempSync(join(tmpdir(), "mashang-oidc-"));
  let provider, server;
  try {
    const [port, providerPort] = [await freePort(), await freePort()];
    provider = await OidcProvider.start(providerPort, `http://127.0.0.1:${port}`, PEOPLE);
    const [data, secret, password] = ["data", "secret", "password"].map((name) => join(folder, name));
    writeFileSync(secret, `${provider.secret}\n`);
    writeFileSync(password, PASSWORD);
    chmodSync(secret, 0o600);
    const user = (...more) => execFileSync(process.env.MASHANG_BIN, ["user", "create", "--own-password", "--data", data, "--password-file", password, ...more]);
    user("--email", "zhou@qh.example.gov.cn", "--name", "周敏", "--role", "supervisor", "--office", "reform");
    user("--email", "admin@qh.example.gov.cn", "--name", "管理员", "--role", "administrator");
    const settings = ["--data", data, "--oidc-issuer", provider.issuer, "--oidc-client-id", "mashang", "--oidc-client-secret-path", secret, "--oidc-name", "青禾区统一认证"];
    server = await Server.start(port, settings);
    await work({ server, provider, settings });
    // The provider had nothing to object to but a person who said no.
    assert.deepEqual(provider.errors.filter((error) => !error.endsWith("access_denied")), []);
  } finally {
    await server?.stop();
    await provider?.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

// What the doctor finds. The provider runs in this process, so nothing may wait here; that registries are empty is its status 1.
const doctor = (args) => new Promise((resolve) => execFile(process.env.MASHANG_BIN, ["doctor", ...args], (_, found) => resolve(found)));

const button = (page) => page.locator('#external a[href*="/console/sign-in/oidc"]');

// From a page of the console through the provider's page; `login` stays empty to say no.
async function through(page, server, login) {
  await page.goto(`${server.url}/console/settings`);
  await submit(page, button(page));
  assert.ok(page.url().includes("/interaction/"), page.url());
  if (login) await page.locator('input[name="login"]').fill(login);
  await submit(page, page.locator(`button[value="${login ? "yes" : "no"}"]`));
}

async function looks(page, where) {
  await worded(page, where);
  await fits(page, where);
  await accessible(page, where);
}

export const tests = [
  ["a provider that others wrote signs its people in, and signing out ends it", async ({ browser }) => {
    await district(async ({ server, settings }) => {
      const page = await browser.desk();
      await open(page, `${server.url}/console/sign-in`);
      await says(page, "用青禾区统一认证登录");
      await looks(page, "the sign-in page with a provider");
      await through(page, server, "zhou-1");
      assert.equal(page.url(), `${server.url}/console/settings`, "the page that was asked for");
      await says(page, "zhou@qh.example.gov.cn");
      const cookies = (await page.context().cookies(server.url)).map((cookie) => cookie.name);
      assert.ok(cookies.includes("mashang-session") && !cookies.includes("mashang-external"), cookies.join(" "));

      await submit(page, page.locator('form[action="/console/sign-out"] button:visible'));
      await page.goto(`${server.url}/console/settings`);
      assert.ok(page.url().includes("/console/sign-in?next="), "signed out here");
      // The provider still knows the browser: the second time takes one press.
      await submit(page, button(page));
      assert.equal(page.url(), `${server.url}/console/settings`);
      quiet(page);

      const found = await doctor(["--public-url", server.url, ...settings]);
      assert.match(found, /OK {7}sign-in through oidc: .*1 key\(s\), PKCE/);
    });
  }],
  ["whom the provider knows and the district does not, is told what to do", async ({ browser }) => {
    await district(async ({ server }) => {
      const guest = await browser.phone();
      await through(guest, server, "guest-1");
      await says(guest, "账号 guest-1 还没有绑定");
      await looks(guest, "the page for an unknown account");
      // An address that the provider has not made sure of opens nothing, although a user has it.
      const other = await browser.desk();
      await through(other, server, "admin-1");
      await says(other, "账号 admin-1 还没有绑定");

      // The administrator links it; then it signs in.
      const admin = await browser.desk();
      await open(admin, `${server.url}/console/sign-in`);
      await signIn(admin, { email: "admin@qh.example.gov.cn", password: PASSWORD });
      await open(admin, `${server.url}/console/users`);
      await submit(admin, admin.locator("tr", { hasText: "admin@qh" }).locator('a[href$="/accounts"]'));
      await admin.locator("#subject").fill("admin-1");
      await submit(admin, admin.locator("main form.form button.btn"));
      await says(admin, "admin-1");
      await looks(admin, "the accounts of a user");
      await submit(other, button(other));
      assert.ok(other.url().startsWith(`${server.url}/console/`) && !other.url().includes("sign-in"), other.url());
      quiet(admin);
    });
  }],
  ["who says no at the provider may try again or use the password", async ({ browser }) => {
    await district(async ({ server }) => {
      const page = await browser.phone();
      await through(page, server, "");
      await says(page, "您没有同意登录");
      // The way back is used up: opened again it leads nowhere.
      await page.reload();
      await says(page, "请重新点下面的按钮");
      await through(page, server, "zhou-1");
      assert.equal(page.url(), `${server.url}/console/settings`);
    });
  }],
];
