// A demonstration of its own, on a free port, and what it said of itself.

import { spawn } from "node:child_process";
import { createInterface } from "node:readline";

const TIME_TO_START = 120_000;

export class Demo {
  static async start() {
    const child = spawn(process.env.MASHANG_BIN, ["demo", "--json", "--listen", "127.0.0.1:0"], { stdio: ["ignore", "pipe", "inherit"] });
    const line = await new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error("the demonstration did not start in time")), TIME_TO_START);
      child.on("exit", (status) => reject(new Error(`the demonstration ended with status ${status}`)));
      child.on("error", reject);
      createInterface({ input: child.stdout }).once("line", (text) => {
        clearTimeout(timer);
        resolve(text);
      });
    });
    child.removeAllListeners("exit");
    return new Demo(child, JSON.parse(line));
  }

  constructor(child, guide) {
    this.child = child;
    this.guide = guide;
    this.invites = [guide.inspector.enrol_url, ...guide.inspector.more_enrol_urls];
  }

  // A link that enrols one more phone.
  invite() {
    const link = this.invites.shift();
    if (!link) throw new Error("all invites are used up");
    return link;
  }

  async stop() {
    const ended = new Promise((resolve) => this.child.once("exit", resolve));
    this.child.kill("SIGTERM");
    const hard = setTimeout(() => this.child.kill("SIGKILL"), 20_000);
    await ended;
    clearTimeout(hard);
  }
}
