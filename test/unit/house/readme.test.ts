// The prose of the repository: short, in plain words, and true where a program can tell.
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { ROOT } from "../../../src/client/keys.ts";

/** So much a newcomer reads before trying it, words. */
const README_WORDS = 1_200;

/** What sends a reader to a dictionary, or tells a story instead of what holds now. */
const BANNED = [
  "whence",
  "lest",
  "innocent of",
  "has its way",
  "of its own accord",
  "earlier code",
  "code of today",
  "today's code",
  "an hour earlier",
  "in a good hour",
];

const files = listTracked("*.md");

describe("the prose", () => {
  it("introduces the project in at most 1,200 words", () => {
    const words = read("README.md").split(/\s+/).filter(Boolean);
    expect(words.length).toBeLessThanOrEqual(README_WORDS);
  });

  it("uses plain words, in the present tense", () => {
    const found = files.flatMap((file) =>
      findBanned(read(file)).map((words) => `${file}: ${words}`),
    );
    expect(found).toEqual([]);
  });

  it("links to files and headings that exist", () => {
    const broken = files.flatMap((file) =>
      listLinks(read(file))
        .filter((link) => !resolves(file, link))
        .map((link) => `${file}: ${link}`),
    );
    expect(broken).toEqual([]);
  });

  it("names files that exist", () => {
    const missing = files.flatMap((file) =>
      listNamedPaths(read(file))
        .filter((path) => !existsSync(join(ROOT, path)))
        .map((path) => `${file}: ${path}`),
    );
    expect(missing).toEqual([]);
  });

  it("lists every folder of the three floors in CONTRIBUTING.md", () => {
    const named = new Set(listNamedPaths(read("CONTRIBUTING.md")));
    const missing = listFolders(listTracked("src", "models", "durable")).filter(
      (folder) => !named.has(folder),
    );
    expect(missing).toEqual([]);
  });
});

describe("these checks", () => {
  it("find a banned phrase across a line break, and no part of a word", () => {
    expect(findBanned("It runs of its\nown accord, unless it is the latest.")).toEqual([
      "of its own accord",
    ]);
  });

  it("find a link to a missing file or heading, and leave the web and code alone", () => {
    const text = "[a](no/such.md) [b](README.md#no-such) [c](https://example.com) `[d](no)`";
    const links = listLinks(text);
    expect(links.filter((link) => !resolves("README.md", link))).toEqual([
      "no/such.md",
      "README.md#no-such",
    ]);
  });
});

function read(file: string): string {
  return readFileSync(join(ROOT, file), "utf8");
}

function listTracked(...patterns: string[]): string[] {
  const listed = execFileSync("git", ["ls-files", "-z", "--", ...patterns], { cwd: ROOT });
  // A file that was just deleted is tracked until the next commit.
  return listed
    .toString()
    .split("\0")
    .filter((file) => file !== "" && existsSync(join(ROOT, file)));
}

function findBanned(text: string): string[] {
  const plain = text.replaceAll(/\s+/g, " ");
  return BANNED.filter((words) => new RegExp(`\\b${words}\\b`, "i").test(plain));
}

/** Targets of inline links within the repository. */
function listLinks(text: string): string[] {
  return [...withoutCode(text).matchAll(/\]\(([^)\s]+)\)/g)]
    .map(([, target = ""]) => target)
    .filter((target) => !/^[a-z]+:/i.test(target));
}

function resolves(file: string, link: string): boolean {
  const [path = "", heading] = link.split("#");
  const target = path === "" ? file : join(dirname(file), path);
  if (!existsSync(join(ROOT, target))) return false;
  return heading === undefined || listAnchors(read(target)).includes(heading);
}

/** Anchors as code hosts make them of headings. */
function listAnchors(text: string): string[] {
  return [...text.matchAll(/^#+ +(.+)$/gm)].map(([, title = ""]) =>
    title
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
      .replaceAll(" ", "-"),
  );
}

/** Paths in backticks that begin at the root of the repository. */
function listNamedPaths(text: string): string[] {
  return [...text.matchAll(/`((?:src|models|durable|migrations|test)\/[\w./-]*?)\/?`/g)].map(
    ([, path = ""]) => path,
  );
}

/** `src/a` of `src/a/b.ts`. */
function listFolders(paths: readonly string[]): string[] {
  const folders = paths.map((path) => path.split("/")).filter((parts) => parts.length > 2);
  return [...new Set(folders.map((parts) => parts.slice(0, 2).join("/")))];
}

function withoutCode(text: string): string {
  return text.replaceAll(/^```[\s\S]*?^```/gm, "").replaceAll(/`[^`\n]*`/g, "");
}
