// What @huggingface/hub is asked to write. node writing.mjs FOLDER FACTS  →  {operation: null | "what went wrong"} as one line of JSON.
// FACTS are the people of the writable Hub (tests/clients/people.py) and its address.

import assert from "node:assert/strict";
import { randomBytes, randomUUID } from "node:crypto";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, given] = process.argv.slice(2);
const hub = createRequire(join(folder, "package.json"))("@huggingface/hub");
const people = JSON.parse(given);
const mine = { hubUrl: people.hubUrl, accessToken: people.ME_TOKEN };
const theirs = { hubUrl: people.hubUrl, accessToken: people.YOU_TOKEN };
const VERY_LARGE = (64 << 20) + 4321; // over what is sent whole

const all = async (generator) => {
  const found = [];
  for await (const one of generator) found.push(one);
  return found;
};
const status = (code) => (error) => error.statusCode === code;
const unused = (word, type = "model", owner = people.ME) => ({ type, name: `${owner}/js-${word}-${randomUUID().slice(0, 8)}` });
const repository = async (word, more = {}) => {
  const repo = unused(word, more.type);
  await hub.createRepo({ repo, ...mine, ...more });
  return repo;
};
const blob = (content) => new Blob([content]);
const read = async (repo, path, more = {}) =>
  Buffer.from(await (await hub.downloadFile({ repo, path, ...mine, ...more })).arrayBuffer());
const same = async (repo, path, content, more = {}) => assert(Buffer.from(content).equals(await read(repo, path, more)), path);
const files = async (repo, more = {}) =>
  (await all(hub.listFiles({ repo, recursive: true, ...mine, ...more })))
    .filter((one) => one.type === "file" && one.path !== ".gitattributes")
    .map((one) => one.path)
    .sort();
const put = (repo, path, content, more = {}) =>
  hub.uploadFile({ repo, file: { path, content: blob(content) }, ...mine, ...more });

const OPERATIONS = {
  create: async () => {
    const repo = unused("create");
    const made = await hub.createRepo({ repo, ...mine, license: "mit", files: [{ path: "a.txt", content: blob("with it") }] });
    assert(made.repoUrl.endsWith(repo.name));
    assert((await hub.modelInfo({ name: repo.name, ...mine, additionalFields: ["tags"] })).tags.includes("license:mit"));
    await same(repo, "a.txt", "with it");
    await assert.rejects(hub.createRepo({ repo, ...mine }), status(409));
    await assert.rejects(hub.createRepo({ repo: unused("create"), ...theirs }), status(403));
  },
  "create: private": async () => {
    const repo = await repository("private", { visibility: "private" });
    assert(await hub.repoExists({ repo, ...mine }));
    assert(!(await hub.repoExists({ repo, ...theirs })));
  },
  "create: space": async () => {
    const repo = await repository("space", { type: "space", sdk: "static" });
    assert.equal((await hub.spaceInfo({ name: repo.name, ...mine })).sdk, "static");
  },
  "create: dataset": async () => {
    const repo = await repository("rows", { type: "dataset" });
    await put(repo, "rows.csv", "a,b\n1,2\n");
    await same(repo, "rows.csv", "a,b\n1,2\n");
  },
  delete: async () => {
    const repo = await repository("delete");
    await assert.rejects(hub.deleteRepo({ repo, ...theirs }), status(403));
    await hub.deleteRepo({ repo, ...mine });
    assert(!(await hub.repoExists({ repo, ...mine })));
  },
  "upload small": async () => {
    const repo = await repository("small");
    const path = "deep/er/b c+d%.txt";
    const said = await put(repo, path, "zwei ü\n", { commitTitle: "two" });
    await same(repo, path, "zwei ü\n", { revision: said.commit.oid });
    const [last] = await all(hub.listCommits({ repo, ...mine }));
    assert.deepEqual([last.oid, last.title], [said.commit.oid, "two"]);
  },
  "upload large": async () => {
    const repo = await repository("large");
    const content = randomBytes(300_000);
    for (const useXet of [false, true]) {
      await put(repo, `w-${useXet}.bin`, content.subarray(Number(useXet)), { useXet });
      await same(repo, `w-${useXet}.bin`, content.subarray(Number(useXet)));
    }
    await put(repo, "w.bin", content);
    await same(repo, "w.bin", content);
    const [info] = await hub.pathsInfo({ repo, paths: ["w.bin"], ...mine });
    assert.equal(info.lfs.size, content.length);
  },
  "upload very large": async () => {
    const repo = await repository("very-large");
    const content = randomBytes(VERY_LARGE);
    await put(repo, "w.bin", content, { useXet: false }); // in parts; its own Xet takes ten seconds for as much
    await same(repo, "w.bin", content);
  },
  "upload a folder": async () => {
    const repo = await repository("folder");
    const where = mkdtempSync(join(tmpdir(), "folder-"));
    mkdirSync(join(where, "sub"));
    const content = { "a.txt": Buffer.from("a"), "sub/w.bin": randomBytes(1000) };
    for (const [path, bytes] of Object.entries(content)) writeFileSync(join(where, path), bytes);
    await hub.uploadFiles({ repo, files: [pathToFileURL(where)], ...mine });
    const base = where.split("/").at(-1);
    const found = await files(repo);
    assert.deepEqual(found.map((path) => path.replace(`${base}/`, "")), Object.keys(content));
    for (const path of found) await same(repo, path, content[path.replace(`${base}/`, "")]);
  },
  "commit: many operations": async () => {
    const repo = await repository("many");
    await hub.uploadFiles({ repo, files: ["a.txt", "b.txt", "old/c.txt"].map((path) => ({ path, content: blob(path) })), ...mine });
    await hub.commit({
      repo,
      ...mine,
      title: "all at once",
      operations: [
        { operation: "addOrUpdate", path: "new.bin", content: blob("new") },
        { operation: "edit", path: "b.txt", originalContent: blob("b.txt"), edits: [{ start: 0, end: 1, content: blob("edited") }] },
        { operation: "delete", path: "a.txt" },
        { operation: "delete", path: "old/c.txt" },
      ],
    });
    assert.deepEqual(await files(repo), ["b.txt", "new.bin"]);
    await same(repo, "b.txt", "edited.txt");
    await same(repo, "new.bin", "new");
  },
  "commit: parent": async () => {
    const repo = await repository("parent");
    const [{ oid: parentCommit }] = await all(hub.listCommits({ repo, ...mine }));
    await put(repo, "a.txt", "a", { parentCommit });
    await assert.rejects(put(repo, "b.txt", "b", { parentCommit }), status(412));
    assert.deepEqual(await files(repo), ["a.txt"]);
  },
  "delete files": async () => {
    const repo = await repository("deletions");
    await hub.uploadFiles({ repo, files: ["a.txt", "b.txt", "c.txt"].map((path) => ({ path, content: blob(path) })), ...mine });
    await hub.deleteFile({ repo, path: "a.txt", ...mine });
    await hub.deleteFiles({ repo, paths: ["b.txt"], ...mine });
    assert.deepEqual(await files(repo), ["c.txt"]);
  },
  branches: async () => {
    const repo = await repository("branches");
    const branch = "dev"; // listFiles does not encode a revision: "feature/x" would be asked for as the folder x of "feature"
    await hub.createBranch({ repo, branch, ...mine });
    await put(repo, "a.txt", "there", { branch });
    await same(repo, "a.txt", "there", { revision: branch });
    assert.deepEqual(await files(repo), []);
    await assert.rejects(hub.createBranch({ repo, branch, ...mine }), status(409));
    await hub.createBranch({ repo, branch, overwrite: true, ...mine });
    assert.deepEqual(await files(repo, { revision: branch }), ["a.txt"]);
    await hub.createBranch({ repo, branch, revision: "main", overwrite: true, ...mine });
    assert.deepEqual(await files(repo, { revision: branch }), []);
    await hub.createBranch({ repo, branch: "empty", empty: true, ...mine });
    await put(repo, "only.bin", "only", { branch: "empty" });
    assert.deepEqual(await files(repo, { revision: "empty" }), ["only.bin"]);
    await hub.createBranch({ repo, branch: "feature/x", ...mine });
    await put(repo, "a.txt", "slash", { branch: "feature/x" });
    await same(repo, "a.txt", "slash", { revision: "feature/x" });
    await hub.deleteBranch({ repo, branch, ...mine });
    await assert.rejects(files(repo, { revision: branch }), status(404));
  },
  "pull request": async () => {
    const repo = await repository("pull");
    const said = await put(repo, "w.bin", "theirs", { ...theirs, isPullRequest: true });
    const number = said.pullRequestUrl.split("/").at(-1);
    await same(repo, "w.bin", "theirs", { revision: `refs/pr/${number}` });
    assert.deepEqual(await files(repo), []);
  },
  collect: async () => {
    const title = `Things of ${randomUUID().slice(0, 8)}`; // the client has no word for adding items
    const { slug } = await hub.createCollection({ collection: { title, namespace: people.ME, private: true }, ...mine });
    const listed = async (who) => (await all(hub.listCollections({ search: { owner: [people.ME] }, ...who }))).filter((one) => one.slug === slug);
    const [found] = await listed(mine);
    assert.deepEqual([found.title, found.items], [title, []]);
    assert.deepEqual(await listed(theirs), []);
    await hub.deleteCollection({ slug, ...mine });
    assert.deepEqual(await listed(mine), []);
  },
  "refused: another's": async () => {
    const repo = await repository("refused");
    await assert.rejects(put(repo, "a.txt", "a", theirs), status(403));
    await assert.rejects(hub.createBranch({ repo, branch: "b", ...theirs }), status(403));
  },
  "refused: private": async () => {
    const repo = await repository("refused", { visibility: "private" });
    await assert.rejects(put(repo, "a.txt", "a", theirs), status(404));
    assert.deepEqual(await files(repo), []);
  },
};

if (!given) throw new Error("node writing.mjs FOLDER FACTS");
const answers = {};
for (const [name, operation] of Object.entries(OPERATIONS)) {
  answers[name] = await operation().then(
    () => null,
    (error) => `${error.stack}${error.statusCode ? `\nstatus ${error.statusCode} ${error.url}` : ""}`,
  );
}
console.log(JSON.stringify(answers));
