// An instance that holds the 2024 scenario, served with a clock of the test's own: libfaketime sets the time that the program sees, so
// that the program needs no door for tests. Moving the time restarts the server. Mails end in the data folder.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { open } from "./browser.mjs";
import { Server, freePort } from "./server.mjs";
import { signIn } from "./steps.mjs";

const SCENARIO = new URL("../../data/scenario-2024.jsonl", import.meta.url).pathname;
const PASSWORD = "nine-pines-and-a-river";

function fakeTime() {
  const folders = readdirSync("/usr/lib").filter((name) => name.includes("-linux-gnu")).map((name) => `/usr/lib/${name}/faketime`);
  for (const folder of folders) {
    try {
      if (readdirSync(folder).includes("libfaketime.so.1")) return `${folder}/libfaketime.so.1`;
    } catch {
      // Not this folder.
    }
  }
  throw new Error("libfaketime is missing: tests/run installs it");
}

export class District {
  // Loads the scenario. `time` is a local time of the district, such as "2024-04-15 09:30".
  static async load(time) {
    const district = new District(mkdtempSync(join(tmpdir(), "mashang-district-")), await freePort(), time);
    district.said = district.run(["replay", SCENARIO, "--into", district.data]);
    return district;
  }

  constructor(folder, port, time) {
    this.folder = folder;
    this.data = join(folder, "data");
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    this.time = time;
    this.pages = new Set();
    writeFileSync(join(folder, "password"), `${PASSWORD}\n`, { mode: 0o600 });
  }

  // The environment in which it is the district's time.
  environment() {
    return { ...process.env, TZ: "Asia/Shanghai", LD_PRELOAD: fakeTime(), FAKETIME: `@${this.time}:00`, FAKETIME_DONT_FAKE_MONOTONIC: "1" };
  }

  run(args) {
    return execFileSync(process.env.MASHANG_BIN, args, { encoding: "utf8", env: this.environment() });
  }

  // Enters somebody who may sign in.
  user(email, name, role, more) {
    this.run(["user", "create", "--own-password", "--data", this.data, "--email", email, "--name", name, "--role", role, ...more, "--password-file", join(this.folder, "password")]);
    return { email, password: PASSWORD };
  }

  async serve() {
    const args = ["--data", this.data, "--district", "金岭坡区", "--hotline", "023-6800 0000"];
    this.server = await Server.start(this.port, args, this.environment());
  }

  // Lets time pass until then. Pages that are open look for news now and then, and would miss the server.
  async until(time) {
    for (const page of this.pages) await page.goto("about:blank");
    await this.server.stop();
    this.time = time;
    await this.serve();
  }

  // Opens a page of the console; whoever is not signed in, or no longer, signs in first.
  async visit(page, person, path) {
    this.pages.add(page);
    await open(page, this.url + path);
    if (page.url().includes("/console/sign-in")) await signIn(page, person);
    assert.equal(page.url(), this.url + path);
  }

  // The mails so far that have these words in the subject, by recipient, once there are `count`.
  async mails(words, count) {
    for (let tries = 0; ; tries += 1) {
      const found = this.letters().filter((mail) => mail.subject.includes(words)).map((mail) => mail.to).sort();
      if (found.length >= count || tries === 100) return found;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  letters() {
    const folder = join(this.data, "mail");
    let names = [];
    try {
      names = readdirSync(folder).filter((name) => name.endsWith(".eml"));
    } catch {
      // None yet.
    }
    return names.map((name) => {
      const [head] = readFileSync(join(folder, name), "utf8").split(/\r?\n\r?\n/, 1);
      const fields = head.replace(/\r?\n[ \t]+/g, " ");
      const field = (key) => new RegExp(`^${key}: *(.*)$`, "im").exec(fields)?.[1] ?? "";
      return { to: field("To").replace(/^.*<|>.*$/g, ""), subject: unfold(field("Subject")) };
    });
  }

  async stop() {
    await this.server?.stop();
    rmSync(this.folder, { recursive: true });
  }
}

// Encoded words of a header (RFC 2047), in base64 or quoted-printable.
function unfold(text) {
  const joined = text.replace(/\?=\s+=\?/g, "?==?");
  const bytes = (kind, words) =>
    kind.toUpperCase() === "B" ? Buffer.from(words, "base64") : Buffer.from(words.replaceAll("_", " ").replace(/=([0-9A-F]{2})/gi, (_, hex) => String.fromCharCode(parseInt(hex, 16))), "latin1");
  return joined.replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_, kind, words) => bytes(kind, words).toString("latin1")).replace(/[\x80-\xff]+/g, (raw) => Buffer.from(raw, "latin1").toString("utf8"));
}
