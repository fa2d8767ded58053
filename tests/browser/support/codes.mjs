// Reads a code from the screen with zbar, which has nothing in common with what made it.

import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
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

// The codes on each page of a PDF, as a printer at 150 dpi would put them on paper.
export function decodePages(pdf, folder) {
  execFileSync("pdftoppm", ["-r", "150", "-gray", "-png", pdf, join(folder, "page")]);
  const pages = readdirSync(folder).filter((name) => /^page-\d+\.png$/.test(name)).sort();
  return pages.map((page) => {
    const told = spawnSync("zbarimg", ["--quiet", "--raw", "--nodbus", join(folder, page)], { encoding: "utf8" });
    return told.stdout.split("\n").filter((line) => line !== "");
  });
}
