// An office of its own on the first day: a server over an empty data folder, and one operator made on the command line.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Server, freePort } from "./server.mjs";

export class Office {
  static async start(host = "127.0.0.1") {
    const folder = mkdtempSync(join(tmpdir(), "mashang-office-"));
    const operator = { email: "operator@office.example", password: "first day at the office" };
    const data = ["--data", join(folder, "data")];
    const args = ["user", "create", "--own-password", "--email", operator.email, "--name", "林操作", "--role", "operator", ...data];
    execFileSync(process.env.MASHANG_BIN, args, { input: `${operator.password}\n` });
    const office = new Office([...data, "--district", "重庆市九龙坡区"], folder, operator, host);
    await office.serve();
    return office;
  }

  constructor(args, folder, operator, host) {
    this.args = args;
    this.folder = folder;
    this.operator = operator;
    this.host = host;
  }

  async serve() {
    this.server = await Server.start(await freePort(), this.args, process.env, this.host);
    this.url = this.server.url;
  }

  // Moves to another public address; returns the old one.
  async move() {
    const old = this.url;
    await this.server.stop();
    await this.serve();
    return old;
  }

  async stop() {
    await this.server.stop();
    rmSync(this.folder, { recursive: true });
  }
}
