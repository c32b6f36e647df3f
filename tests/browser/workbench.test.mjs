// What an analyst meets between the claims: the line of a wide file that is meant, lists that open on work, selections, names of customers, uploads.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, fits, open, screenshot, visitor } from "./site.mjs";

let browser;
before(async () => (browser = await open()));
after(() => browser?.close());

test("the amount that is meant is seen in a wide file, on a phone and without JavaScript", async () => {
  const page = await visitor(browser, { javaScriptEnabled: false, viewport: { width: 360, height: 740 } });
  await page.goto(base + "/claims?q=229.68");
  const claim = await page.locator("tbody .lead a").first().getAttribute("href");
  await page.goto(base + claim);
  assert.equal(await page.locator(".meant .marked dd").textContent(), "229.68");
  await page.locator(".meant a").click();
  const cell = page.locator(".lines #marked");
  assert.equal(await cell.textContent(), "229.68");
  const [frame, box] = [await page.locator(".lines").boundingBox(), await cell.boundingBox()];
  assert.ok(box.x >= frame.x && box.x + box.width <= frame.x + frame.width, `the cell at ${box.x} stands outside of ${frame.x} to ${frame.x + frame.width}`);
  await fits(page, "the claim");
  await page.context().close();

  const scripted = await visitor(browser);
  await scripted.goto(base + claim);
  const seen = await scripted.locator(".lines #marked").evaluate((cell) => cell.getBoundingClientRect().right <= cell.closest(".lines").getBoundingClientRect().right);
  assert.ok(seen, "the table is scrolled to it");
  await accessible(scripted, "the claim");
  await scripted.context().close();
});

test("the menu leads to open work, and nothing finished shows a deadline that presses", async () => {
  const page = await visitor(browser);
  await page.locator("nav a", { hasText: "Claims" }).first().click();
  await page.locator('.views a[aria-current="true"]', { hasText: "Open work" }).waitFor();
  const states = await page.locator("tbody .stand .state").evaluateAll((all) => all.map((state) => state.className));
  assert.ok(states.length > 0 && states.every((state) => /s-(open|waiting)/.test(state)), states.join());
  await page.goto(base + "/claims?view=everything&sort=oldest");
  const pressed = await page.locator("tbody tr:has(.s-decided, .s-closed) .due").evaluateAll((all) => all.map((due) => due.className));
  assert.ok(pressed.every((due) => !/passed|urgent|soon/.test(due)), pressed.join());
  await page.context().close();
});

test("a selection stays in its view, and the bar says what of it is not on the page", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?view=open");
  await page.locator("tbody input[name=claim]").first().check();
  const chosen = await page.locator("tbody tr.is-selected").getAttribute("id");
  await page.goto(base + "/claims?view=open&sort=largest");
  assert.match(await page.locator("[data-selected]").textContent(), /^1 selected/);
  const category = (await page.locator(`[id="${chosen}"] .category`).textContent()).startsWith("Shortage") ? "promotion_allowance" : "shortage";
  await page.goto(base + `/claims?view=open&category=${category}`);
  assert.match(await page.locator("[data-selected]").textContent(), /1 of them not on this page/);
  await page.goto(base + "/claims?view=everything");
  assert.ok(await page.locator("#bulk").isHidden(), "another view begins without it");
  await page.goto(base + "/claims?view=open");
  assert.ok(await page.locator("#bulk").isVisible(), "its own view still has it");
  await page.context().close();
});

test("approvals are walked and decided with keys, and a deadline that passed is said", async () => {
  const mara = await visitor(browser);
  await mara.goto(base + "/claims?view=new&min=600&sort=oldest");
  const hrefs = await mara.locator("tbody .lead a").evaluateAll((links) => links.slice(0, 2).map((link) => link.getAttribute("href")));
  for (const href of hrefs) {
    await mara.goto(base + href);
    await mara.keyboard.press("v");
    await mara.locator("#act-accept textarea:focus").waitFor();
    await mara.keyboard.type("owed");
    await mara.keyboard.press("Control+Enter");
    await mara.locator("[data-toast]").waitFor();
  }
  await mara.context().close();
  const jonas = await visitor(browser, { who: "jonas" });
  await jonas.goto(base + "/approvals");
  const waiting = await jonas.locator(".tiles > li").count();
  assert.ok(waiting >= 2);
  const passed = await jonas.locator(".tiles > li:has(.due.passed)").count();
  assert.equal(passed > 0, (await jonas.locator(".sum .warn").count()) > 0);
  await screenshot(jonas, "approvals-light-1280");
  await accessible(jonas, "approvals");
  const [first, second] = await jonas.locator(".tiles > li").evaluateAll((tiles) => tiles.map((tile) => tile.id));
  await jonas.keyboard.press("j");
  await jonas.keyboard.press("o");
  await jonas.waitForURL(new RegExp(`/claims/${first}`));
  await jonas.goto(base + "/approvals");
  await jonas.keyboard.press("v");
  await jonas.locator(`[id="${first}"].is-at`).waitFor();
  assert.equal(await jonas.locator("[data-toast]").count(), 0, "with no card chosen the key only shows the first");
  await jonas.keyboard.press("v");
  await jonas.locator("[data-toast]", { hasText: first }).waitFor();
  assert.equal(await jonas.locator(`[id="${first}"]`).count(), 0, "approved");
  await jonas.keyboard.press("j");
  await jonas.keyboard.press("d");
  await jonas.keyboard.type("Ask the carrier first");
  await jonas.keyboard.press("Control+Enter");
  await jonas.locator("[data-toast]", { hasText: second }).waitFor();
  assert.equal(await jonas.locator(`[id="${second}"]`).count(), 0, "sent back");
  await jonas.context().close();
});

test("what can't be shown keeps the theme that was chosen", async () => {
  const page = await visitor(browser);
  await page.locator("details.person summary").click();
  await page.getByRole("button", { name: "Dark" }).click();
  page.faults.length = 0;
  for (const path of ["/nothing-here", "/administration"]) {
    await page.goto(base + path);
    assert.equal(await page.locator("html").getAttribute("data-theme"), "dark", path);
  }
  await page.context().close();
});

test("a customer is asked by name, and the address carries the number", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?view=everything");
  await page.locator("details.more summary").click();
  const name = await page.locator("#customers option").first().getAttribute("value");
  await page.getByLabel("Customer", { exact: true }).fill(name.toLowerCase());
  await page.getByRole("button", { name: "Filter" }).click();
  const number = new URL(page.url()).searchParams.get("customer");
  assert.notEqual(number, name.toLowerCase());
  assert.equal(await page.getByLabel("Customer", { exact: true }).inputValue(), name);
  for (const path of ["/", "/documents", "/causes", "/coming"]) {
    await page.goto(`${base}${path}?customer=${encodeURIComponent(name)}`);
    assert.equal(new URL(page.url()).searchParams.get("customer"), number, path);
  }
  await page.goto(base + "/claims?view=everything&customer=nobody-at-all");
  await page.locator(".notice", { hasText: "No customer is called “nobody-at-all”" }).waitFor();
  await accessible(page, "a list of nobody's claims");
  await page.context().close();
});

test("a person says whose money it is where nobody knows the payer, and settling goes on", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/payments?state=on_account");
  await page.locator("tbody tr", { hasText: "RASTHOF 17" }).locator("a").first().click();
  await page.getByLabel("Customer, by name or number").fill("no such customer");
  await page.getByRole("button", { name: "It is this customer's" }).click();
  await page.locator("[data-refused]", { hasText: "No customer is called" }).waitFor();
  await accessible(page, "a payment of nobody known");
  const name = await page.locator("#customers option").first().getAttribute("value");
  await page.getByLabel("Customer, by name or number").fill(name);
  await page.getByRole("button", { name: "It is this customer's" }).click();
  await page.locator(".notice.good", { hasText: "took its place" }).waitFor();
  assert.match(await page.locator(".facts").first().textContent(), /the customer named with the bank line/);
  await page.context().close();
});

test("several files are taken in at once, and what became of each is said", async () => {
  const page = await visitor(browser, { viewport: { width: 360, height: 740 } });
  await page.goto(base + "/documents");
  const file = (name, text) => ({ name, mimeType: "text/plain", buffer: Buffer.from(text) });
  await page.locator("input[name=paper]").setInputFiles([
    file("note.txt", "Dear partners, our warehouse closes at noon on Friday.\n"),
    file("empty_words.txt", "\ufeff \r\n \r\n"),
  ]);
  await page.getByRole("button", { name: "Take in", exact: true }).click();
  await page.getByRole("heading", { name: "2 files were taken in" }).waitFor();
  const told = await page.locator("section.notice li").allTextContents();
  assert.equal(told.length, 2);
  assert.match(told[0], /note\.txt/);
  assert.match(told[1], /empty_words\.txt.*waits for a person/s);
  await fits(page, "the inbox");
  await accessible(page, "the inbox after an upload");
  await page.context().close();
});
