// The program as it is run for others: `mashang serve` over a data folder, on a port of its own, until it is told to stop.

import { spawn } from "node:child_process";
import { createServer } from "node:net";

const TIME_TO_START = 60_000;
const TIME_TO_STOP = 20_000;

// A port that is free now: the public address, which names it, is given before the server listens.
export async function freePort() {
  const probe = createServer();
  await new Promise((resolve, reject) => probe.on("error", reject).listen(0, "127.0.0.1", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

export class Server {
  // `args` are those of `serve` without its address. Passkeys are for names alone: `localhost`.
  static async start(port, args, env = process.env, host = "127.0.0.1") {
    const listen = `127.0.0.1:${port}`;
    const url = `http://${host}:${port}`;
    const child = spawn(process.env.MASHANG_BIN, ["serve", "--listen", listen, "--public-url", url, ...args], { stdio: "ignore", env });
    const server = new Server(child, url);
    for (const end = Date.now() + TIME_TO_START; Date.now() < end && child.exitCode === null; ) {
      const answer = await fetch(`${url}/console/sign-in`).catch(() => null);
      if (answer?.ok) return server;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    await server.stop();
    throw new Error(child.exitCode === null ? "the server did not start in time" : `the server ended with status ${child.exitCode}`);
  }

  constructor(child, url) {
    this.child = child;
    this.url = url;
    this.ended = new Promise((resolve) => child.once("exit", resolve));
  }

  async stop() {
    this.child.kill("SIGTERM");
    const hard = setTimeout(() => this.child.kill("SIGKILL"), TIME_TO_STOP);
    await this.ended;
    clearTimeout(hard);
  }
}
