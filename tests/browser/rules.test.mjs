// Rules in the browser: a draft is changed by keyboard, checked beside its cells, tried on the past, and published by a second person.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { after, before, test } from "node:test";
import { accessible, base, fits, open, screenshot, visitor } from "./site.mjs";

let browser;
before(async () => (browser = await open()));
after(() => browser?.close());

const paper = new URL("papers/pinecrest_1005.tsv", import.meta.url).pathname;

async function begin(page, name) {
  await page.goto(base + "/rules");
  await page.locator("input[name=name]").fill(name);
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/rules\/drafts\/R-/);
  return new URL(page.url()).pathname;
}

/** Adds a row below the first one of the routing and types its cells, with the keys alone. */
async function typeRow(page, draft, cells) {
  await page.goto(`${base}${draft}/table?file=routing.csv`);
  await page.getByRole("button", { name: "Add a row below line 2" }).focus();
  await page.keyboard.press("Enter");
  await page.waitForURL(/new=1/);
  await page.waitForFunction(() => document.activeElement?.closest(".is-new"));
  for (const [index, cell] of cells.entries()) {
    if (index > 0) await page.keyboard.press("Tab");
    await page.keyboard.type(cell);
  }
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/saved=yes/);
}

test("a routing row is typed, mended where it can't be read, tried on the past and published by a second person, and the next claim goes by it", async () => {
  const mara = await visitor(browser);
  const draft = await begin(mara, "A desk of its own for Pinecrest");
  await typeRow(mara, draft, ["pinecrest", "", "", "", "invalid|unknown", "US120", "fnance", "urgent", "2", "3", "open"]);
  const bad = mara.locator("[aria-invalid]");
  assert.equal(await bad.inputValue(), "fnance");
  assert.match(await mara.locator(".why").textContent(), /queue.*`fnance` is none of finance, sales/);
  assert.ok(await bad.evaluate((field) => field === document.activeElement), "one goes on where it is wrong");
  await accessible(mara, "a table with a bad cell");
  await screenshot(mara, "rules-table-light-1280");
  await mara.keyboard.press("Control+a");
  await mara.keyboard.type("finance");
  await mara.keyboard.press("Control+Enter");
  await mara.getByRole("status").getByText("Every cell of this table can be read").waitFor();
  await mara.keyboard.press("Escape");
  await mara.keyboard.press("Escape");
  await mara.waitForURL(base + draft);
  assert.match(await mara.locator(".differences").textContent(), /Line 3 is new: rule pinecrest · validity invalid\|unknown · customer US120/);
  await accessible(mara, "a draft");
  await screenshot(mara, "rules-draft-light-1280");

  await mara.getByRole("link", { name: "What it would have changed" }).click();
  await mara.getByRole("button", { name: "Run the backtest" }).press("Enter");
  await mara.locator("#worst").waitFor();
  assert.match(await mara.locator(".big").textContent(), /[1-9]\d* of 1\d\d deductions/);
  assert.match(await mara.locator(".worst tbody tr").first().textContent(), /Pinecrest Express Stores.*USD.*Desk.*→\s*Finance/s);
  await accessible(mara, "a backtest");
  await screenshot(mara, "backtest-light-1280");
  const download = mara.waitForEvent("download");
  await mara.getByRole("link", { name: "CSV" }).click();
  assert.match((await download).suggestedFilename(), /^backtest-R-.*\.csv$/);

  await mara.goto(base + draft);
  await mara.getByLabel("What is it for?").fill("They pay late; finance calls them.");
  await mara.getByRole("button", { name: "Ask for publication" }).click();
  await mara.getByText("Mara Deen asks for publication").waitFor();
  assert.equal(await mara.getByRole("button", { name: "Publish", exact: true }).count(), 0, "not by who made it");

  const jonas = await visitor(browser, { who: "jonas" });
  await jonas.goto(base + "/administration");
  await jonas.getByRole("link", { name: "1 draft of the rules" }).click();
  await jonas.getByRole("link", { name: "A desk of its own for Pinecrest" }).click();
  await accessible(jonas, "a draft that waits");
  await jonas.getByRole("button", { name: "Publish", exact: true }).click();
  await jonas.getByText("This draft is published").waitFor();
  await jonas.goto(base + "/rules");
  assert.match(await jonas.locator("li", { hasText: "In force" }).textContent(), /own@.*Jonas Weber/s);
  await jonas.getByRole("link", { name: "Judging anew" }).click();
  await accessible(jonas, "before judging anew");
  await jonas.getByRole("button", { name: "Judge anew what nobody decided" }).click();
  await jonas.getByText("Everything that nobody decided was judged by it").waitFor();
  assert.match(await jonas.locator("#run .inline").textContent(), /[1-9]\d* judged\s*[1-9]\d* verdicts changed\s*by own@/);
  await accessible(jonas, "after judging anew");
  await jonas.setViewportSize({ width: 360, height: 780 });
  await fits(jonas, "judging anew on a phone");
  await jonas.setViewportSize({ width: 1280, height: 900 });
  await mara.goto(base + "/rules/judging");
  assert.equal(await mara.getByRole("button", { name: /Judge anew/ }).count(), 0, "not by who may not publish");
  execFileSync(process.env.RECOUP_PROGRAM, ["--data", process.env.RECOUP_DATA, "ingest", paper]);
  await jonas.goto(base + "/search?q=INV-260618");
  await jonas.locator("main a[href*='/claims/C-']").first().click();
  const claim = await jonas.locator("main").textContent();
  assert.match(claim, /Finance/);
  assert.match(claim, /urgent/i);
  for (const page of [mara, jonas]) {
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

test("without a script and on a phone a table is changed, pasted and sent back with a reason", async () => {
  const context = { javaScriptEnabled: false, reducedMotion: "reduce", viewport: { width: 360, height: 780 } };
  const mara = await visitor(browser, context);
  const draft = await begin(mara, "Days of the routing");
  for (const path of ["/rules", "/rules/table?file=words.csv", draft, `${draft}/table?file=routing.csv`, `${draft}/table?file=settings.toml`, `${draft}/backtest`]) {
    await mara.goto(base + path);
    await fits(mara, `${path} on a phone`);
  }
  await mara.goto(`${base}${draft}/table?file=routing.csv`);
  await mara.getByLabel("days, line 5").fill("6");
  await mara.getByRole("button", { name: "Move line 3 down" }).click();
  await mara.goto(base + draft);
  assert.match(await mara.locator(".differences").textContent(), /Line 5, [\w-]+:\s*days \d+ → 6/);
  await mara.goto(`${base}${draft}/table?file=taxonomy.csv`);
  await mara.locator(".whole summary").click();
  const text = await mara.locator("textarea[name=text]").inputValue();
  await mara.locator("textarea[name=text]").fill("category,desk\nshortage,sales");
  await mara.getByRole("button", { name: "Put it in place of the file" }).click();
  await mara.locator("[role=alert]", { hasText: "lacks the columns queue" }).waitFor();
  assert.equal(await mara.locator("textarea[name=text]").inputValue(), "category,desk\nshortage,sales", "what was pasted stays");
  await mara.locator("textarea[name=text]").fill(text.replaceAll(",", "\t"));
  await mara.getByRole("button", { name: "Put it in place of the file" }).click();
  await mara.getByText("Every cell of this table can be read").waitFor();
  await mara.goto(`${base}${draft}/table?file=routing.csv`);
  await mara.getByRole("button", { name: "Move line 4 up" }).click();
  await mara.goto(base + draft);
  await mara.getByRole("button", { name: "Ask for publication" }).click();
  const jonas = await visitor(browser, { who: "jonas", ...context });
  await jonas.goto(base + draft);
  await fits(jonas, "a draft that waits on a phone");
  await jonas.locator("summary", { hasText: "Send back" }).click();
  await jonas.getByLabel("Reason").fill("Five days were agreed.");
  await jonas.getByRole("button", { name: "Send back" }).click();
  await mara.goto(base + draft);
  assert.match(await mara.locator(".notice").textContent(), /It was sent back:\s*Five days were agreed\./);
  await mara.getByRole("button", { name: "Set this draft aside" }).click();
  await mara.getByText("This draft is discarded").waitFor();
  for (const page of [mara, jonas]) await page.context().close();
});

test("rules are accessible and fit in both themes", async () => {
  for (const [width, colorScheme] of [[1280, "dark"], [360, "dark"], [360, "light"]]) {
    const page = await visitor(browser, { viewport: { width, height: 900 }, colorScheme });
    const draft = await begin(page, `A look in ${colorScheme} at ${width}`);
    for (const [name, path] of Object.entries({ rules: "/rules", book: "/rules/table?file=routing.csv", draft, words: `${draft}/table?file=words.csv`, settings: `${draft}/table?file=settings.toml`, backtest: `${draft}/backtest` })) {
      await page.goto(base + path);
      await accessible(page, `${name}, ${colorScheme}`);
      await fits(page, `${name} at ${width}`);
    }
    await page.goto(base + draft);
    await page.getByRole("button", { name: "Set this draft aside" }).click();
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});
