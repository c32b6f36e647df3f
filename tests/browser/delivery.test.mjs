// The check of a delivery with its paper, and a claim on paper.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, fits, open, visitor } from "./site.mjs";

let browser;
before(async () => (browser = await open()));
after(() => browser?.close());

test("a delivery is checked line by line beside its paper, and its claims are decided together", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/search?q=" + encodeURIComponent("category:shortage has:pod"));
  await page.goto(base + (await page.locator("main .plainlist a").first().getAttribute("href")));
  await page.getByRole("link", { name: "Check the whole delivery" }).click();
  assert.match(await page.locator("h1").textContent(), /^Delivery of /);
  assert.match(await page.locator(".checked").textContent(), /Ordered.*Invoiced.*Shipped.*Received.*Claimed/s);
  assert.ok((await page.locator(".checked .claims a").count()) + (await page.locator(".sheet .page").count()) > 0, "a claim or a paper is shown");
  await accessible(page, "a delivery");
  await fits(page, "a delivery");
  await page.setViewportSize({ width: 360, height: 780 });
  await fits(page, "a delivery on a phone");
  assert.equal(await page.locator("input[type=file]").getAttribute("capture"), "environment");
  await page.locator("textarea[name=note]").fill("signed in full");
  await page.getByRole("button", { name: "Dispute" }).click();
  assert.match(await page.locator("main").textContent(), /will be done/);
  await page.context().close();
});

test("a paper is taken in from the delivery and says what became of it", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/search?q=category:shortage");
  await page.goto(base + (await page.locator("main .plainlist a").first().getAttribute("href")));
  await page.getByRole("link", { name: "Check the whole delivery" }).click();
  const invoice = (await page.locator("h1").textContent()).replace("Delivery of ", "");
  const paper = `Proof of delivery\n\nInvoice No. ${invoice}\nDelivered 2026-07-10\nReceived by: J. Ortega\nRemarks: none\n`;
  await page.locator("input[type=file]").setInputFiles({ name: "pod_photo.txt", mimeType: "text/plain", buffer: Buffer.from(paper) });
  await page.getByRole("button", { name: "Take it in" }).click();
  await page.waitForURL(/paper=/);
  assert.match(await page.locator("[role=status].notice").textContent(), /pod_photo\.txt was taken in\./);
  await page.context().close();
});

test("a claim prints with its evidence, without what is ours alone", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?view=everything");
  await page.locator("tbody .lead a").first().click();
  await page.getByRole("link", { name: "Print with evidence" }).click();
  const said = await page.locator("main").textContent();
  assert.match(said, /What we find.*Evidence/s);
  assert.doesNotMatch(said, /Expected back|Approval level/);
  assert.ok((await page.locator(".enclosed").count()) > 0, "the remittance is enclosed");
  await accessible(page, "a claim on paper");
  await page.emulateMedia({ media: "print" });
  assert.ok(await page.locator(".bar").isHidden());
  await page.setViewportSize({ width: 360, height: 780 });
  await page.emulateMedia({ media: "screen" });
  await fits(page, "a claim on paper");
  await page.context().close();
});

test("what a person reads from the paper decides a shortage until it is taken back", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?view=open&category=shortage&validity=unknown");
  const claims = await page.locator("tbody .lead a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  let delivery;
  for (const href of claims) {
    await page.goto(base + href);
    const link = page.getByRole("link", { name: "Check the whole delivery" });
    if (!(await link.count())) continue;
    delivery = base + (await link.getAttribute("href"));
    await page.goto(delivery);
    if (await page.locator(".check-line").count()) break;
  }
  const received = page.locator(".check-line input[name^='received.']");
  await received.first().fill("999999");
  await page.getByRole("button", { name: "Note it" }).click();
  await page.locator("[data-refused]", { hasText: "that were billed" }).waitFor();
  assert.equal(await received.first().inputValue(), "999999", "what was typed is kept");
  for (const field of await received.all()) await field.fill("0");
  await page.getByRole("button", { name: "Note it" }).click();
  await page.locator(".check-line .notice.good").first().waitFor();
  assert.match(await page.locator(".check-line .notice.good").first().textContent(), /Mara Deen read on .*0.* received/);
  assert.ok((await page.locator(".side .state.valid, .side .state.partial").count()) > 0, "nothing came, so something is owed");
  await accessible(page, "a delivery that was checked");
  await page.setViewportSize({ width: 360, height: 780 });
  await fits(page, "a delivery that was checked");
  while (await page.locator(".check-line").getByRole("button", { name: "Take back" }).count()) {
    await page.locator(".check-line").getByRole("button", { name: "Take back" }).first().click();
    await page.waitForLoadState();
  }
  assert.equal(await page.locator(".side .state.valid, .side .state.partial").count(), 0, "undecided again");
  await page.context().close();
});
