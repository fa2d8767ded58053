// The words of the documents that the program makes, by readers that have nothing in common with what made them.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { inflateRawSync } from "node:zlib";

// The text of a PDF, or of one of its pages, without the spaces of its layout.
export function wordsOfPdf(path, page) {
  const only = page ? ["-f", page, "-l", page] : [];
  return execFileSync("pdftotext", ["-layout", ...only, path, "-"], { encoding: "utf8" }).replace(/\s+/g, "");
}

// The text of a Word document, without spaces.
export function wordsOfDocx(path) {
  const xml = unzip(readFileSync(path)).get("word/document.xml").toString("utf8");
  return [...xml.matchAll(/<w:t(?: [^>]*)?>([^<]*)<\/w:t>/g)].map((found) => found[1]).join("").replace(/\s+/g, "");
}

function unzip(bytes) {
  const end = bytes.lastIndexOf(Buffer.from("PK\x05\x06", "latin1"));
  assert.ok(end >= 0, "not a ZIP file");
  const files = new Map();
  let at = bytes.readUInt32LE(end + 16);
  for (let n = bytes.readUInt16LE(end + 10); n > 0; n -= 1) {
    const [method, size, name, extra, note] = [bytes.readUInt16LE(at + 10), bytes.readUInt32LE(at + 20), bytes.readUInt16LE(at + 28), bytes.readUInt16LE(at + 30), bytes.readUInt16LE(at + 32)];
    const local = bytes.readUInt32LE(at + 42);
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    const packed = bytes.subarray(begin, begin + size);
    files.set(bytes.toString("utf8", at + 46, at + 46 + name), method === 0 ? packed : inflateRawSync(packed));
    at += 46 + name + extra + note;
  }
  return files;
}
