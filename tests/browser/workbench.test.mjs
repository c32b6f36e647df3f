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
