// A person says what a deduction claims where code and words are silent.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, open, screenshot, visitor } from "./site.mjs";

let browser;
before(async () => (browser = await open()));
after(() => browser?.close());

test("a category is said on the claim, judged at once, and stands in its history", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?category=unknown");
  await page.locator("tbody .lead a").last().click();
  await page.getByText("Say the category").first().click();
  assert.match(await page.locator("#act-categorise").textContent(), /Past decisions propose nothing here/);
  await page.locator("#act-categorise select").focus();
  await page.keyboard.press("Control+Enter");
  assert.equal(await page.locator("#act-categorise select").evaluate((select) => select.validity.valueMissing), true, "something is chosen first");
  await page.locator("#act-categorise select").selectOption("freight_charge");
  await accessible(page, "saying a category");
  await screenshot(page, "category-light-1280");
  await page.keyboard.press("Control+Enter");
  await page.locator("[data-toast]", { hasText: "Category said and judged" }).waitFor();
  assert.match(await page.locator("h1").textContent(), /Freight charge/);
  assert.match(await page.locator(".timeline").textContent(), /Mara Deen said that it claims freight charge/);
  await page.context().close();
});
