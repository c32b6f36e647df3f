// Documents that wait for a person: reviewed with few keys, refused with words, read so from then on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, fits, open, screenshot, visitor } from "./site.mjs";

let browser;
before(async () => (browser = await open()));
after(() => browser?.close());

/** The review of a document by its name. */
async function review(page, name, status = "needs_review") {
  await page.goto(`${base}/documents?status=${status}&q=${name}`);
  const href = await page.locator("tbody .lead a").first().getAttribute("href");
  await page.goto(base + href.replace(/(\/review)?$/, "/review"));
}

test("the review of a document is accessible and fits every window, in both themes", async () => {
  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [360, "light"]]) {
    const page = await visitor(browser, { viewport: { width, height: 900 }, colorScheme });
    await review(page, "tannhof_november");
    await page.locator("rect[data-word]").first().waitFor({ state: "attached" });
    await accessible(page, `review at ${width}`);
    await fits(page, `review at ${width}`);
    await screenshot(page, `review-${colorScheme}-${width}`);
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

test("sums that don't hold are told with what was typed, and a posted paper is corrected and posted anew", async () => {
  const page = await visitor(browser);
  await review(page, "tannhof_oktober");
  await page.locator("[name=payment_date]").fill("09.10.2026");
  await page.locator("[name=total_amount]").fill("2.300,00");
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.keyboard.press("Control+Enter");
  assert.equal((await answer).status(), 422);
  assert.match(await page.locator("[data-refused]").textContent(), /The line makes 2,200\.00, the stated total is 2,300\.00: 100\.00 apart\./);
  assert.equal(await page.locator("[name=total_amount]").inputValue(), "2.300,00");
  assert.equal(await page.locator("[name=payment_date]").inputValue(), "09.10.2026");
  await accessible(page, "a refused review");
  await review(page, "TA-4401", "processed");
  await page.locator("[name=payment_date]").fill("2026-10-03");
  await page.keyboard.press("Control+Enter");
  await page.waitForURL(/after=/);
  assert.match(await page.locator(".notice.good").textContent(), /avis_TA-4401\.pdf: .* EUR was posted as P-/);
  assert.equal(await page.locator("[name=payment_date]").inputValue(), "2026-10-03");
  await page.context().close();
});

test("a document with two doubtful fields takes no more than six keys, and the next one opens", async () => {
  const page = await visitor(browser);
  await review(page, "tannhof_november");
  assert.equal(await page.locator(".value.doubtful").count(), 2);
  await page.locator('rect[data-word="TA-4423"]').waitFor({ state: "attached" });
  let keys = 0;
  const click = (word) => (keys++, page.locator(`rect[data-word="${word}"]`).click());
  const press = (key) => (keys++, page.keyboard.press(key));
  await click("TA-4423");
  assert.equal(await page.locator("[name=reference]").inputValue(), "TA-4423", "the first doubt has the focus");
  await press("Tab");
  await click("12.11.2026");
  assert.equal(await page.locator("[name=payment_date]").inputValue(), "12.11.2026");
  await press("Control+Shift+Enter");
  await page.waitForURL(/after=/);
  assert.match(await page.locator(".notice.good").textContent(), /tannhof_november\.pdf: 3,?253\.14 EUR was posted as P-/);
  assert.match(page.url(), /\/documents\/D-[0-9a-f]+\/review\?after=/);
  assert.ok(keys <= 6, `${keys} keys and clicks`);
  await review(page, "tannhof_november", "processed");
  assert.equal(await page.locator(".stands.confirmed").count(), 2);
  await page.context().close();
});

test("without a script a review is confirmed by its button", async () => {
  const page = await visitor(browser, { javaScriptEnabled: false });
  await review(page, "tannhof_oktober");
  await page.locator("[name=reference]").fill("TA-4417");
  await page.locator("[name=payment_date]").fill("2026-10-09");
  await page.getByRole("button", { name: /^Confirm Ctrl/ }).click();
  assert.match(await page.locator(".notice.good").textContent(), /2,?200\.00 EUR was posted as P-/);
  await page.context().close();
});
