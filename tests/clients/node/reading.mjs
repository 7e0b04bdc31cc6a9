// What @huggingface/hub is asked to read. node reading.mjs FOLDER FACTS  →  {operation: null | "what went wrong"} as one line of JSON.
// FACTS are the demo content's ids (tests/clients/demo.py) and the Hub's address.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync, rmSync, mkdtempSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { tmpdir } from "node:os";

const [folder, given] = process.argv.slice(2);
const hub = createRequire(join(folder, "package.json"))("@huggingface/hub");
const demo = JSON.parse(given);
const { hubUrl } = demo;

const all = async (generator) => {
  const found = [];
  for await (const one of generator) found.push(one);
  return found;
};
const ids = (entries) => new Set(entries.map((entry) => entry.name));
const model = { type: "model", name: demo.TEXT };
const dataset = { type: "dataset", name: demo.DIGITS };
const files = (repo, more = {}) => all(hub.listFiles({ repo, recursive: true, hubUrl, ...more }));
const status = (code) => (error) => error.statusCode === code;

const OPERATIONS = {
  "list models": async () => {
    const everything = ids(await all(hub.listModels({ hubUrl })));
    assert(everything.has(demo.TEXT) && everything.has(demo.GATED) && !everything.has(demo.PRIVATE));
    const first = (await all(hub.listModels({ hubUrl, limit: 2 }))).map((one) => one.name);
    assert.equal(first.length, 2);
    const own = await all(hub.listModels({ hubUrl, search: { owner: demo.LAB }, accessToken: demo.TEACHER_TOKEN }));
    assert(ids(own).has(demo.PRIVATE));
  },
  "list models: filters": async () => {
    const task = ids(await all(hub.listModels({ hubUrl, search: { task: "text-classification" } })));
    assert(task.has(demo.TEXT) && !task.has(demo.IMAGES));
    assert(ids(await all(hub.listModels({ hubUrl, search: { query: "sentiment" } }))).has(demo.TEXT));
    assert(ids(await all(hub.listModels({ hubUrl, search: { tags: ["transformers"] } }))).has(demo.TEXT));
    assert.equal((await all(hub.listModels({ hubUrl, search: { query: "no-such-model-anywhere" } }))).length, 0);
  },
  "list models: sort": async () => {
    const likes = (await all(hub.listModels({ hubUrl, sort: "likes" }))).map((one) => one.likes);
    assert.deepEqual(likes, [...likes].sort((a, b) => b - a));
  },
  "list models: expand, full": async () => {
    const additionalFields = ["author", "cardData", "config", "createdAt", "safetensors", "sha", "tags", "library_name", "filePaths"];
    const found = await all(hub.listModels({ hubUrl, additionalFields }));
    const one = found.find((entry) => entry.name === demo.TEXT);
    const info = await hub.modelInfo({ name: demo.TEXT, hubUrl, additionalFields: ["sha", "safetensors"] });
    assert.equal(one.sha, info.sha);
    assert.deepEqual(one.safetensors, info.safetensors);
    assert.deepEqual(new Set(one.filePaths), new Set((await files(model)).filter((f) => f.type === "file").map((f) => f.path)));
  },
  "list datasets": async () => {
    const found = ids(await all(hub.listDatasets({ hubUrl })));
    assert([demo.DIGITS, demo.TABLES, demo.DOCS].every((name) => found.has(name)));
    assert(ids(await all(hub.listDatasets({ hubUrl, search: { owner: demo.PUBLIC, query: "digits" } }))).has(demo.DIGITS));
  },
  "list spaces": async () => {
    const found = await all(hub.listSpaces({ hubUrl, search: { owner: demo.PUBLIC }, additionalFields: ["runtime", "sha"] }));
    assert(found.length > 0 && found.every((space) => space.sdk && space.sha));
  },
  "repository info": async () => {
    const info = await hub.modelInfo({ name: demo.TEXT, hubUrl });
    assert.equal(info.name, demo.TEXT);
    assert.equal(info.task, "text-classification");
    assert(info.updatedAt instanceof Date && !Number.isNaN(info.updatedAt.valueOf()));
    assert.equal((await hub.datasetInfo({ name: demo.DIGITS, hubUrl })).name, demo.DIGITS);
    const [space] = await all(hub.listSpaces({ hubUrl, search: { owner: demo.PUBLIC }, limit: 1 }));
    assert.equal((await hub.spaceInfo({ name: space.name, hubUrl })).sdk, space.sdk);
  },
  "info: expand": async () => {
    const wanted = ["author", "createdAt", "disabled", "downloadsAllTime", "lastModified", "library_name", "model-index", "sha", "siblings", "spaces", "tags"];
    const info = await hub.modelInfo({ name: demo.TEXT, hubUrl, additionalFields: wanted.filter((name) => name !== "lastModified") });
    assert.equal(info.author, demo.PUBLIC);
    assert.match(info.sha, /^[0-9a-f]{40}$/);
  },
  tree: async () => {
    const everything = await files(dataset);
    const flat = await all(hub.listFiles({ repo: dataset, hubUrl }));
    assert(everything.length >= flat.length && flat.length > 0);
    const within = everything.find((entry) => entry.path.includes("/"));
    const inside = await all(hub.listFiles({ repo: dataset, path: within.path.split("/")[0], hubUrl }));
    assert(inside.length > 0 && inside.every((entry) => entry.path.startsWith(`${within.path.split("/")[0]}/`)));
  },
  "tree: expand": async () => {
    for (const entry of await files(model, { expand: true })) assert(entry.lastCommit.id && entry.lastCommit.title, entry.path);
  },
  "paths info": async () => {
    const listed = Object.fromEntries((await files(model)).map((entry) => [entry.path, entry]));
    const found = await hub.pathsInfo({ repo: model, paths: ["README.md", demo.WEIGHTS, "no-such-file"], expand: true, hubUrl });
    assert.deepEqual(found.map((entry) => entry.path), ["README.md", demo.WEIGHTS]);
    for (const entry of found) assert.equal(entry.oid, listed[entry.path].oid);
    assert(found[1].lastCommit.date instanceof Date);
  },
  commits: async () => {
    const found = await all(hub.listCommits({ repo: model, hubUrl, batchSize: 1 }));
    assert.equal(await hub.countCommits({ repo: model, hubUrl }), found.length);
    assert.equal(found[0].oid, (await hub.modelInfo({ name: demo.TEXT, hubUrl, additionalFields: ["sha"] })).sha);
    assert.equal(new Set(found.map((one) => one.oid)).size, found.length);
  },
  exists: async () => {
    assert.equal(await hub.repoExists({ repo: model, hubUrl }), true);
    assert.equal(await hub.repoExists({ repo: { type: "dataset", name: demo.TEXT }, hubUrl, accessToken: demo.LEARNER_TOKEN }), false);
    assert.equal(await hub.fileExists({ repo: model, path: demo.WEIGHTS, hubUrl }), true);
    assert.equal(await hub.fileExists({ repo: model, path: "no-such-file", hubUrl }), false);
  },
  "what is missing": async () => {
    await assert.rejects(hub.modelInfo({ name: `${demo.PUBLIC}/no-such-model`, hubUrl, accessToken: demo.LEARNER_TOKEN }), status(404));
    assert.equal(await hub.downloadFile({ repo: model, path: "no-such-file", hubUrl }), null);
    await assert.rejects(files(model, { revision: "no-such-branch" }), status(404));
  },
  "download small": async () => {
    const blob = await hub.downloadFile({ repo: model, path: "config.json", hubUrl });
    const content = Buffer.from(await blob.arrayBuffer());
    const entry = (await files(model)).find((one) => one.path === "config.json");
    const name = createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
    assert.equal(name, entry.oid);
  },
  "download large": async () => {
    const entry = (await files(model)).find((one) => one.path === demo.WEIGHTS);
    const info = await hub.fileDownloadInfo({ repo: model, path: demo.WEIGHTS, hubUrl });
    assert.equal(info.size, entry.size);
    assert.equal(info.etag.replaceAll('"', ""), entry.lfs.oid);
    const blob = await hub.downloadFile({ repo: model, path: demo.WEIGHTS, hubUrl });
    const sum = createHash("sha256");
    for await (const chunk of blob.stream()) sum.update(chunk);
    assert.equal(sum.digest("hex"), entry.lfs.oid);
    const part = await (await hub.downloadFile({ repo: model, path: demo.WEIGHTS, hubUrl })).slice(8, 64).arrayBuffer();
    assert.equal(part.byteLength, 56);
    const pointer = await hub.downloadFile({ repo: model, path: demo.WEIGHTS, raw: true, hubUrl });
    assert.match(await pointer.text(), new RegExp(`oid sha256:${entry.lfs.oid}\nsize ${entry.size}\n$`));
  },
  snapshot: async () => {
    const cacheDir = mkdtempSync(join(tmpdir(), "hf-nb-npm-"));
    try {
      const found = await hub.snapshotDownload({ repo: model, cacheDir, hubUrl });
      const listed = (await files(model)).filter((entry) => entry.type === "file").map((entry) => entry.path);
      const kept = readdirSync(found, { recursive: true, withFileTypes: true }).filter((entry) => !entry.isDirectory());
      assert.equal(kept.length, listed.length);
      JSON.parse(readFileSync(join(found, "config.json"), "utf8"));
    } finally {
      rmSync(cacheDir, { recursive: true });
    }
  },
  "safetensors metadata": async () => {
    const found = await hub.parseSafetensorsMetadata({ repo: model, hubUrl, computeParametersCount: true });
    const info = await hub.modelInfo({ name: demo.TEXT, hubUrl, additionalFields: ["safetensors"] });
    const counted = Object.values(found.parameterCount).reduce((a, b) => a + b, 0);
    assert.equal(counted, info.safetensors.total);
  },
  renamed: async () => {
    const repo = { type: "model", name: demo.RENAMED };
    assert.equal((await hub.modelInfo({ name: demo.RENAMED, hubUrl })).name, demo.TEXT);
    assert.equal((await files(repo)).length, (await files(model)).length);
    assert((await hub.downloadFile({ repo, path: "config.json", hubUrl })).size > 0);
    assert.equal((await hub.pathsInfo({ repo, paths: ["README.md"], hubUrl })).length, 1);
  },
  gated: async () => {
    const repo = { type: "model", name: demo.GATED };
    await assert.rejects(async () => (await hub.downloadFile({ repo, path: "config.json", hubUrl })).text(), status(401));
    await assert.rejects(async () => (await hub.downloadFile({ repo, path: "config.json", hubUrl, accessToken: demo.LEARNER_TOKEN })).text(), status(403));
    assert((await hub.downloadFile({ repo, path: "config.json", hubUrl, accessToken: demo.TEACHER_TOKEN })).size > 0);
  },
  private: async () => {
    await assert.rejects(hub.modelInfo({ name: demo.PRIVATE, hubUrl }), status(401));
    await assert.rejects(hub.modelInfo({ name: demo.PRIVATE, hubUrl, accessToken: demo.LEARNER_TOKEN }), status(404));
    assert.equal((await hub.modelInfo({ name: demo.PRIVATE, hubUrl, accessToken: demo.TEACHER_TOKEN })).private, true);
  },
  "auth check": async () => {
    await hub.checkRepoAccess({ repo: model, hubUrl });
    await hub.checkRepoAccess({ repo: { type: "model", name: demo.PRIVATE }, hubUrl, accessToken: demo.TEACHER_TOKEN });
    await assert.rejects(hub.checkRepoAccess({ repo: { type: "model", name: demo.PRIVATE }, hubUrl }), status(401));
  },
  whoami: async () => {
    const me = await hub.whoAmI({ hubUrl, accessToken: demo.TEACHER_TOKEN });
    assert.equal(me.name, demo.TEACHER);
    assert(me.orgs.some((org) => org.name === demo.LAB));
    assert.equal(me.auth.type, "access_token");
    assert(me.auth.accessToken.createdAt instanceof Date);
    await assert.rejects(hub.whoAmI({ hubUrl, accessToken: "hf_nobody_has_this" }), status(401));
  },
  collections: async () => {
    const found = await all(hub.listCollections({ hubUrl, search: { owner: [demo.PUBLIC] } }));
    assert(found.length > 0);
    assert(found.every((one) => one.title && one.items.length > 0));
  },
};

if (!given) throw new Error("node reading.mjs FOLDER FACTS");
const answers = {};
for (const [name, operation] of Object.entries(OPERATIONS)) {
  answers[name] = await operation().then(
    () => null,
    (error) => `${error.stack}${error.statusCode ? `\nstatus ${error.statusCode} ${error.url}` : ""}`,
  );
}
console.log(JSON.stringify(answers));
