// Administration of people: asked in by a link that works once, roles with what does not go together, limits.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, fits, open, visitor } from "./site.mjs";

let browser;
before(async () => (browser = await open()));
after(() => browser?.close());

test("an administrator asks somebody in, and the link makes one account once", async () => {
  const ada = await visitor(browser, { who: "ada" });
  await ada.goto(base + "/administration");
  await accessible(ada, "administration");
  await ada.locator("main input[name=name]").fill("Mia Holm");
  await ada.locator("main input[name=login]").fill("mia");
  await ada.getByRole("button", { name: "Make a link that asks in" }).click();
  const link = (await ada.locator(".notice.good code").textContent()).trim();
  await accessible(ada, "a link that asks in");
  const mia = await (await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } })).newPage();
  await mia.goto(link);
  await fits(mia, "the welcome");
  await mia.locator("input[name=password]").fill("a long enough phrase");
  await mia.getByRole("button", { name: "Begin" }).click();
  assert.equal(new URL(mia.url()).pathname, "/login");
  assert.equal((await mia.goto(link)).status(), 404, "the link has ended");
  await mia.goto(base + "/login");
  await mia.locator("input[name=login]").fill("mia");
  await mia.locator("input[name=password]").fill("a long enough phrase");
  await mia.locator("form button.primary").click();
  assert.equal(new URL(mia.url()).pathname, "/");
  assert.equal((await mia.goto(base + "/administration/people/mara")).status(), 403, "only administrators change people");
  await mia.context().close();
  await ada.context().close();
});

test("what does not go together is said before a role is saved, and limits are set and lent", async () => {
  const ada = await visitor(browser, { who: "ada" });
  await ada.goto(base + "/administration/people/jonas");
  assert.match(await ada.locator(".roles label", { hasText: "Auditor" }).textContent(), /Does not go together/);
  await accessible(ada, "a person");
  await ada.locator("input[name=amount]").fill("1.234");
  await ada.locator("input[name=currency]").fill("EUR");
  await ada.getByRole("button", { name: "Set the limit" }).click();
  await ada.locator("[role=alert]", { hasText: "can be read in two ways" }).waitFor();
  await ada.locator("input[name=amount]").fill("75000,00");
  await ada.locator("input[name=currency]").fill("EUR");
  await ada.getByRole("button", { name: "Set the limit" }).click();
  await ada.locator("li", { hasText: "accept up to 75,000.00 EUR" }).waitFor();
  await ada.locator("select[name=to]").selectOption("ada");
  await ada.locator("input[name=from_day]").fill("2031-08-01");
  await ada.locator("input[name=until_day]").fill("2031-07-01");
  await ada.getByRole("button", { name: "Lend the limits" }).click();
  await ada.locator("[role=alert]", { hasText: "is before" }).waitFor();
  await ada.setViewportSize({ width: 360, height: 780 });
  await fits(ada, "a person on a phone");
  await ada.context().close();
});
