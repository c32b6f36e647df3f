// Money that nobody explained: what is left is counted before it is posted, and every refusal keeps what was typed.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, fits, open, screenshot, visitor } from "./site.mjs";

let browser;
before(async () => (browser = await open()));
after(() => browser?.close());

const left = (page) => page.locator("[data-left-now] b").textContent();

test("payments to explain and a match fit every window and are accessible in both themes", async () => {
  for (const [width, colorScheme] of [[1280, "light"], [1280, "dark"], [360, "light"]]) {
    const page = await visitor(browser, { viewport: { width, height: 900 }, colorScheme });
    for (const [path, name] of [["/payments", "payments"], ["/payments/BANK-9001?fill=oldest", "matching"]]) {
      await page.goto(base + path);
      await accessible(page, `${name} at ${width}`);
      await fits(page, `${name} at ${width}`);
      await screenshot(page, `${name}-${colorScheme}-${width}`);
    }
    assert.deepEqual(page.faults, []);
    await page.context().close();
  }
});

test("what is left is counted as one types, refused while it is unexplained, and posted when it is", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/payments?state=on_account");
  await page.getByRole("link", { name: "BANK-9001" }).click();
  assert.equal(await left(page), "500.00 EUR");
  const field = page.locator("input[name^='paid.']").first();
  const name = await field.getAttribute("name");
  await field.fill("450,00");
  assert.equal(await left(page), "50.00 EUR");
  await page.locator("select[name^='rest.']").first().selectOption("claim");
  const answer = page.waitForResponse((response) => response.request().method() === "POST");
  await page.keyboard.press("Control+Enter");
  assert.equal((await answer).status(), 422);
  assert.match(await page.locator("[data-refused]").textContent(), /50\.00 EUR is left to explain/);
  assert.equal(await page.locator(`input[name="${name}"]`).inputValue(), "450,00");
  assert.equal(await page.locator("select[name^='rest.']").first().inputValue(), "claim");
  await page.getByLabel("What is left stays on account").check();
  await page.getByRole("button", { name: /^Post/ }).click();
  await page.waitForURL(/after=BANK-9001/);
  assert.match(await page.locator("main").textContent(), /BANK-9001 was taken back by counter-entries/);
  assert.equal(await left(page), "50.00 EUR", "what is left waits on account");
  await page.goto(base + "/payments?state=partly_on_account");
  assert.match(await page.locator("tbody").textContent(), /50\.00 EUR/);
  await page.goto(base + `/claims?q=${name.replace("paid.", "")}`);
  assert.ok((await page.locator("tbody .lead a").count()) > 0, "what is missing of the item is a claim");
  await page.context().close();
});

test("a strategy fills the amounts before anything is posted, and a match is refused with a reason", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/payments/BANK-9002");
  await page.getByRole("link", { name: "Largest first" }).click();
  assert.match(page.url(), /fill=largest/);
  assert.equal(await left(page), "0.00 EUR");
  await page.getByRole("button", { name: /^Post/ }).click();
  await page.waitForURL(/after=BANK-9002/);
  assert.match(await page.locator("main").textContent(), /Nothing of this payment is left to explain/);
  await page.getByText("It does not pay these items").click();
  await page.getByLabel("Why not?").fill("a deposit");
  await page.getByRole("button", { name: "Refuse this match" }).click();
  await page.waitForURL(/after=P-/);
  assert.equal(await left(page), "900.00 EUR", "the money waits again");
  await page.context().close();
});

test("without a script the server counts, and money of nobody asks whose it is", async () => {
  const page = await visitor(browser, { javaScriptEnabled: false });
  await page.goto(base + "/payments/BANK-9003");
  await page.locator("input[name^='paid.']").first().fill("100.00");
  await page.getByRole("button", { name: "Only count" }).click();
  assert.match(await left(page), /22\.90 EUR/);
  await page.getByRole("button", { name: /^Post/ }).click();
  assert.match(await page.locator("[role=alert]").textContent(), /22\.90 EUR more was put on items than is left/);
  await page.goto(base + "/payments/BANK-9004");
  assert.match(await page.locator("main").textContent(), /Nobody known pays under this name/);
  await page.context().close();
});
