// The journeys of an analyst through the first screens. Needs RECOUP_URL, RECOUP_LOGIN and RECOUP_PASSWORD of a filled demo.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, bytesOf, first, fits, open, screens, screenshot, visitor } from "./site.mjs";

let browser;
let paths;

/** A claim about goods whose evidence has a box on a page. */
async function boxedClaim(page) {
  await page.goto(base + "/claims?category=shortage&validity=invalid");
  const hrefs = await page.locator("tbody .lead a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  for (const href of hrefs) {
    await page.goto(base + href);
    if ((await page.locator(".page rect.marked").count()) > 0) return href;
  }
  throw new Error("no claim has evidence on a page");
}

before(async () => {
  browser = await open();
  const page = await visitor(browser);
  paths = { ...screens, claim: await boxedClaim(page), document: await first(page, "/documents?kind=remittance_advice&q=pdf", "tbody .lead a") };
  paths.customer = await first(page, paths.claim, ".claimhead a");
  await page.context().close();
});

after(() => browser?.close());

test("a wrong password and an unknown login get the same answer, and nothing opens without one", async () => {
  const page = await (await browser.newContext()).newPage();
  const answers = [];
  for (const name of [process.env.RECOUP_LOGIN, "nobody-" + Date.now()]) {
    await page.goto(base + "/login");
    await page.getByLabel("Login").fill(name);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Log in" }).click();
    answers.push(await page.getByRole("alert").textContent());
  }
  assert.equal(answers[0], answers[1]);
  await page.goto(base + "/claims?queue=sales");
  assert.match(page.url(), /\/login\?next=%2Fclaims%3Fqueue%3Dsales$/);
  await page.context().close();
});

test("the log-in leads to where the visitor wanted to go, and the log-out ends it", async () => {
  const page = await visitor(browser);
  const [cookie] = (await page.context().cookies()).filter((cookie) => cookie.name.includes("recoup"));
  assert.ok(cookie.httpOnly && cookie.sameSite === "Lax");
  await page.getByLabel(/settings/).click();
  await page.getByRole("button", { name: "Log out" }).click();
  await page.waitForURL(base + "/login");
  await page.context().addCookies([cookie]);
  await page.goto(base + "/claims");
  assert.match(page.url(), /\/login/, "a session that was left can't be used again");
  await page.context().close();
});

test("filters stand in the address, and a copied address shows the same list", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?queue=supply_chain");
  await page.getByLabel("Validity").selectOption("invalid");
  await page.getByText("More filters").click();
  await page.getByLabel("From").fill("50");
  await page.getByLabel("Order").selectOption("largest");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.waitForURL(/validity=invalid/);
  const rows = await page.locator("tbody .lead a").allTextContents();
  assert.ok(rows.length > 1);
  const copy = await visitor(browser);
  await copy.goto(page.url());
  assert.deepEqual(await copy.locator("tbody .lead a").allTextContents(), rows);
  assert.equal(await copy.getByLabel("From").inputValue(), "50");
  assert.equal(new Set(await copy.locator("tbody .state.invalid").allTextContents()).size, 1);
  await copy.goto(base + "/claims?colour=red&queue=cellar");
  assert.match(await copy.locator(".notice").textContent(), /colour.*cellar.*queue/s);
  await copy.goto(base + "/claims?q=no-such-words-anywhere");
  assert.match(await copy.locator(".empty").textContent(), /No claim matches/);
  await page.context().close();
  await copy.context().close();
});

test("every page of the list is reached once", async () => {
  const page = await visitor(browser);
  for (const sort of ["dispute_by", "largest", "oldest", "customer"]) {
    await page.goto(`${base}/claims?sort=${sort}`);
    const count = Number(await page.locator(".sum b").textContent());
    const seen = [];
    for (;;) {
      seen.push(...(await page.locator("tbody .lead a").allTextContents()));
      const next = page.locator(".pager a[rel=next]");
      if ((await next.count()) === 0) break;
      await next.click();
    }
    assert.equal(seen.length, count, sort);
    assert.equal(new Set(seen).size, count, sort);
  }
  await page.context().close();
});

test("a claim is opened, walked and left with keys alone", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?queue=supply_chain");
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  const chosen = await page.locator("tr.is-at .lead a").textContent();
  await page.keyboard.press("x");
  assert.match(await page.locator("[data-selected]").textContent(), /^1 selected, [\d,.]+ [A-Z]{3}$/);
  await page.keyboard.press("Enter");
  await page.waitForURL(new RegExp(`/claims/${chosen}`));
  assert.match(await page.locator(".walk").textContent(), /2\s+of \d+/);
  await page.keyboard.press("j");
  await page.locator(".walk", { hasText: /3\s+of \d+/ }).waitFor();
  await page.keyboard.press("k");
  await page.waitForURL(new RegExp(`/claims/${chosen}`));
  await page.keyboard.press("Escape");
  await page.waitForURL(/\/claims\?queue=supply_chain#/);
  assert.equal(await page.locator("tr.is-at .lead a").textContent(), chosen);
  await page.keyboard.press("/");
  await page.keyboard.type("jxg?");
  assert.equal(await page.locator("#search").inputValue(), "jxg?");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  assert.ok(await page.locator("#keys").isVisible());
  await page.keyboard.press("Escape");
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL(base + "/");
  await page.context().close();
});

test("evidence is the page itself with the place in a box", async () => {
  const page = await visitor(browser);
  await page.goto(base + paths.claim);
  await page.locator(".page img").scrollIntoViewIfNeeded();
  await page.locator(".page img").evaluate((picture) => picture.decode());
  assert.ok((await page.locator(".page img").evaluate((picture) => picture.naturalWidth)) > 1000);
  const [picture, box] = [await page.locator(".page img").boundingBox(), await page.locator(".page rect.marked").boundingBox()];
  assert.ok(box.x >= picture.x && box.y >= picture.y && box.x + box.width <= picture.x + picture.width + 2 && box.width > 3);
  await page.context().close();
});

test("a claim is taken once, and a stale page is told", async () => {
  const [page, other] = [await visitor(browser), await visitor(browser)];
  await page.goto(base + "/claims?view=new&sort=largest");
  const href = await page.locator("tbody .lead a").last().getAttribute("href");
  await page.goto(base + href);
  await other.goto(base + href);
  await page.keyboard.press("i");
  await page.locator("[data-toast]", { hasText: "Assigned" }).waitFor();
  const answer = other.waitForResponse((response) => response.url().includes("/act"));
  await other.getByRole("button", { name: "Take it" }).click();
  assert.equal((await answer).status(), 409);
  await page.context().close();
  await other.context().close();
});

test("a field of a document is found on its page", async () => {
  const page = await visitor(browser);
  await page.goto(base + paths.document);
  await page.locator("[data-mark]").first().click();
  assert.equal(await page.locator("rect.marked").count(), 1);
  await page.reload();
  assert.equal(await page.locator("rect.marked").count(), 1, "the address keeps the mark");
  await page.context().close();
});

test("separated text is a table with the lines of the file, and the evidence marks its line", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/documents?q=pinecrest_ne_0804");
  await page.locator("tbody .lead a").first().click();
  const line = page.locator(".lines tr", { hasText: "INV-260549" });
  assert.equal(await line.locator("th").textContent(), "11");
  assert.ok((await line.locator("td").count()) >= 8, "its cells stay apart");
  assert.equal(await line.locator("td", { hasText: /^291\.00$/ }).getAttribute("class"), "number");
  await accessible(page, "separated text");
  await page.goto(base + "/search?q=pinecrest_ne_0804");
  await page.locator("#claims ~ ul a", { hasText: "Shortage" }).first().click();
  await page.locator("[data-evidence]", { hasText: "Remittance line" }).click();
  assert.equal(await page.locator(".lines tr.marked").count(), 1);
  await page.context().close();
});

test("no column of a list is cut off at 1280 px", async () => {
  const page = await visitor(browser);
  for (const list of ["/claims", "/claims?sort=largest", "/claims?view=closed_by_rule", "/claims?view=deductions", "/documents", "/customers", "/agreements"]) {
    await page.goto(base + list);
    const [table, room] = await page.locator(":is(main, .listing) > .scroll").evaluate((box) => [box.scrollWidth, box.clientWidth]);
    assert.ok(table <= room, `${list}: ${table} px in ${room}`);
  }
  await page.context().close();
});

test("a phone shows every section, the decision before the evidence, and documents without swiping", async () => {
  const page = await visitor(browser, { viewport: { width: 360, height: 780 } });
  await page.goto(base + paths.claim);
  // One line, with the sections behind a button of the browser's own making: it needs no script.
  assert.ok((await page.locator("header.top").boundingBox()).height < 60);
  await page.getByRole("button", { name: "Menu" }).click();
  for (const link of await page.locator("header nav a").all()) {
    const box = await link.boundingBox();
    assert.ok(box.x >= 0 && box.x + box.width <= 360, await link.textContent());
  }
  await page.keyboard.press("Escape");
  const top = async (selector) => (await page.locator(selector).boundingBox()).y;
  assert.ok((await top("#decision-title")) < (await top("#evidence-title")));
  assert.ok((await top("#evidence-title")) < (await top("h2:text-is('Desk')")));
  for (const list of ["/documents", "/customers", "/agreements"]) {
    await page.goto(base + list);
    const [table, room] = await page.locator("main > .scroll").evaluate((box) => [box.scrollWidth, box.clientWidth]);
    assert.ok(table <= room, `${list}: ${table} px in ${room}`);
  }
  await page.context().close();
});

test("a deadline that passed undecided is a warning in the list and on the claim", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?view=new&validity=invalid");
  const row = page.locator("tbody tr", { has: page.locator(".due.passed") }).first();
  assert.match(await row.locator(".due").textContent(), /passed/);
  await row.locator(".lead a").click();
  assert.match(await page.locator(".verdict .notice").textContent(), /The last day to dispute, \d{4}-\d\d-\d\d, passed .* the customer may refuse a dispute/);
  await page.context().close();
});

test("a root cause opens the deductions that it counts", async () => {
  const page = await visitor(browser, { who: "jonas" });
  await page.goto(base + "/");
  const causes = await page.locator("section:has(#causes) tbody tr").all();
  const counted = [];
  for (const row of causes) counted.push([await row.locator("a").first().getAttribute("href"), (await row.locator("td").first().textContent()).trim()]);
  assert.ok(counted.length > 5);
  for (const [href, count] of counted) {
    await page.goto(base + href);
    assert.equal(await page.locator(".sum b").textContent(), count, href);
  }
  await page.goto(base + "/");
  const oldest = await page.locator("text=What is open, over what was held back").textContent();
  const since = new Date(oldest.match(/\d{4}-\d\d-\d\d/)[0]);
  for (const figure of await page.locator("h3:text-is('Days deductions outstanding') + ul b").allTextContents()) {
    assert.ok(parseInt(figure) <= (Date.now() - since) / 86_400_000 + 1, `${figure}: nothing is open for longer than there were deductions`);
  }
  await page.context().close();
});

test("a customer's shares are shares of money, and each number opens its list", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/customers/US110");
  const row = page.locator("section:has(#by-category) tbody tr", { hasText: "Shortage" });
  // 77.76 of 598.44 is owed: one of three deductions, and not a third of the money.
  assert.match(await row.textContent(), /598\.44.*13 %\s*87 %/s);
  const count = (await row.locator("a").textContent()).trim();
  await row.locator("a").click();
  assert.equal(await page.locator(".sum b").textContent(), count);
  assert.match(await page.locator(".sum").textContent(), /598\.44/);
  await page.context().close();
});

test("the key help names every key that an act has", async () => {
  const page = await visitor(browser);
  await page.goto(base + paths.claim);
  const help = await page.locator("#keys kbd").allTextContents();
  const keys = await page.locator("[data-acts] [data-key]").evaluateAll((acts) => acts.map((act) => act.dataset.key).filter(Boolean));
  for (const key of [...keys, "r", "m", "u"]) assert.ok(help.includes(key), key);
  assert.ok(keys.includes("m"), "merging has a key");
  await page.context().close();
});

test("lists and details work without JavaScript", async () => {
  const page = await visitor(browser, { javaScriptEnabled: false });
  await page.goto(base + "/claims");
  await page.locator("select[name=category]").selectOption("shortage");
  await page.getByRole("button", { name: "Filter" }).click();
  await page.locator("tbody .lead a").first().click();
  assert.match(await page.locator("h1").textContent(), /Shortage/);
  await page.getByRole("link", { name: "Back to the list" }).click();
  assert.match(page.url(), /category=shortage/);
  await page.context().close();
});

for (const colorScheme of ["light", "dark"]) {
  for (const width of [1280, 360]) {
    test(`every screen is accessible, fits and throws nothing: ${colorScheme}, ${width} px`, async () => {
      const page = await visitor(browser, { who: "jonas", colorScheme, viewport: { width, height: width === 360 ? 780 : 900 } });
      for (const [name, path] of Object.entries(paths)) {
        await page.goto(base + path, { waitUntil: "networkidle" });
        await screenshot(page, `${name}-${colorScheme}-${width}`);
        await fits(page, name);
        await accessible(page, `${name}, ${colorScheme}, ${width}`);
      }
      assert.deepEqual(page.faults, []);
      const door = await (await browser.newContext({ colorScheme, viewport: { width, height: 780 } })).newPage();
      for (const path of ["/login", "/nothing-here"]) {
        await door.goto(base + path);
        await accessible(door, path);
      }
      await screenshot(door, `nothing-${colorScheme}-${width}`);
      await door.goto(base + "/login");
      await screenshot(door, `login-${colorScheme}-${width}`);
      await door.context().close();
      await page.context().close();
    });
  }
}

test("the chosen theme is kept", async () => {
  const page = await visitor(browser, { colorScheme: "light" });
  await page.getByLabel(/settings/).click();
  await page.getByRole("button", { name: "Dark" }).click();
  await page.waitForLoadState();
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.goto(base + "/claims");
  assert.equal(await page.locator("html").getAttribute("data-theme"), "dark");
  await page.context().close();
});

test("no screen's first load exceeds 60 kB, no script 25 kB", async (context) => {
  for (const [name, path] of Object.entries(paths)) {
    const bytes = await bytesOf(browser, path);
    context.diagnostic(`${name}: ${bytes} bytes`);
    assert.ok(bytes <= 60_000, `${name}: ${bytes} bytes`);
  }
  const page = await visitor(browser);
  const script = await page.locator("script").getAttribute("src");
  assert.ok((await (await page.request.get(base + script)).body()).length <= 25_000);
  await page.context().close();
});
