// Reads a code from the screen with zbar, which has nothing in common with what made it.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export async function decode(picture) {
  const folder = mkdtempSync(join(tmpdir(), "mashang-code-"));
  try {
    const path = join(folder, "code.png");
    await picture.scrollIntoViewIfNeeded();
    await picture.screenshot({ path });
    return execFileSync("zbarimg", ["--quiet", "--raw", "--nodbus", path], { encoding: "utf8" }).trim();
  } finally {
    rmSync(folder, { recursive: true });
  }
}
