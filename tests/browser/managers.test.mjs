// What managers look at: numbers that open their lists, filters in the address, claims given to somebody else, all with JavaScript off too.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { base, fits, open, visitor } from "./site.mjs";

let browser;

before(async () => {
  browser = await open();
});

after(() => browser?.close());

/** How many rows the list behind an address has, as it says itself. */
async function length(page, href) {
  await page.goto(base + href);
  assert.equal(await page.locator(".notice").count(), 0, `${href} is understood`);
  return Number(await page.locator(".title .sum b").textContent());
}

test("every number of the overview opens a list of that length", async () => {
  const page = await visitor(browser, { who: "jonas" });
  for (const path of ["/?weeks=26", "/?queue=supply_chain", "/?customer=US110&weeks=52"]) {
    await page.goto(base + path);
    const numbers = await page.locator("main a[href^='/claims?']").evaluateAll((links) => links.map((link) => [link.getAttribute("href"), link.textContent.trim()]));
    const counted = numbers.filter(([, text]) => /^\d+$/.test(text));
    assert.ok(counted.length > 2, `${path} has numbers`);
    for (const [href, text] of counted.slice(0, 24)) assert.equal(await length(page, href), Number(text), `${path}: ${href}`);
  }
  await page.context().close();
});

test("what narrows the overview stands in its address, and what is not understood is said", async () => {
  const page = await visitor(browser, { who: "jonas", javaScriptEnabled: false });
  await page.goto(base + "/");
  await page.locator("select[name=queue]").selectOption("sales");
  await page.locator("select[name=weeks]").selectOption("26");
  await page.getByRole("button", { name: "Filter" }).click();
  assert.match(page.url(), /queue=sales/);
  assert.match(page.url(), /weeks=26/);
  assert.equal(await page.locator("#flow").textContent(), "Came in and decided, 26 weeks");
  const queues = await page.locator("[aria-labelledby=by-queue] tbody th").allTextContents();
  assert.deepEqual([...new Set(queues)], ["Sales"]);
  await page.goto(base + "/?queue=cellar&colour=red");
  assert.match(await page.locator(".notice").textContent(), /cellar.*colour/s);
  await page.context().close();
});

test("the claims of a cell go to another person after a preview, without a script", async () => {
  const page = await visitor(browser, { who: "jonas", javaScriptEnabled: false });
  await page.goto(base + "/workload");
  const cell = page.locator("tr", { hasText: "Nobody yet" }).locator(".cell", { has: page.locator("a") }).last();
  const count = Number(await cell.locator("a b").textContent());
  await cell.locator("input").check();
  await page.getByLabel("Give the claims of the chosen cell to").selectOption("mara");
  await page.getByRole("button", { name: "Preview" }).click();
  assert.match(page.url(), /\/selections\//);
  assert.equal(await page.locator(".plainlist li").count(), count, "the preview names every claim");
  assert.match(await page.locator("h1").textContent(), /Assign to mara: \d+ claim/);
  await page.locator("main form[method=post] button.primary").click();
  await page.goto(base + "/workload");
  assert.equal(await page.locator("tr", { hasText: "Mara Deen" }).locator(".cell a b").last().textContent(), String(count));
  await page.context().close();
});

test("causes are told apart by category, customer and carrier, and each number opens its list", async () => {
  const page = await visitor(browser, { who: "jonas" });
  for (const by of ["category", "customer", "carrier"]) {
    await page.goto(base + `/causes?by=${by}&weeks=52`);
    const cells = await page.locator("td.money:has(a)").evaluateAll((cells) => cells.map((cell) => [cell.querySelector("a").getAttribute("href"), cell.querySelector("small").textContent]));
    assert.ok(cells.length > 5, `${by} has numbers`);
    for (const [href, count] of cells.slice(0, 8)) assert.equal(await length(page, href), Number(count), href);
  }
  await page.context().close();
});

test("the forecast says its method, its interval and what it rests on, on a phone too", async () => {
  const page = await visitor(browser, { who: "jonas", viewport: { width: 360, height: 800 } });
  await page.goto(base + "/coming");
  assert.match(await page.locator("main").textContent(), /four in five of them lie in the interval/);
  const said = await page.locator(".card").first().textContent();
  assert.match(said, /80 % interval|too short/);
  await fits(page, "coming");
  await page.context().close();
});
