// What people do with claims all day: deciding with keys, two at one claim, approvals, bulk, undo. Runs behind screens.test.mjs on the same data.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, fits, open, screenshot, visitor } from "./site.mjs";

let browser;
let paths;
const shot = (page, name) => screenshot(page, name);

before(async () => {
  browser = await open();
  const page = await visitor(browser);
  paths = { claim: (await hrefs(page, "/claims?category=shortage"))[0] };
  await page.context().close();
});
after(() => browser?.close());

/** The addresses of the first claims of a list. */
async function hrefs(page, list) {
  await page.goto(base + list);
  return page.locator("tbody .lead a").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
}

const toast = (page, words) => page.locator("[data-toast]", { hasText: words }).waitFor();

test("a decision with a right suggestion takes two keys, and going on to the next claim is one of them", async () => {
  const page = await visitor(browser);
  const [first, second] = await hrefs(page, "/claims?view=new&validity=invalid");
  await page.goto(base + first);
  await page.keyboard.press("d");
  await page.keyboard.press("Control+Shift+Enter");
  await toast(page, "Disputed");
  assert.equal(new URL(page.url()).pathname, new URL(base + second).pathname);
  await shot(page, "decided-light-1280");
  await page.keyboard.press("z");
  await page.locator("#act-take_back textarea:focus").waitFor();
  await page.keyboard.type("wrong customer");
  await page.keyboard.press("Control+Enter");
  await toast(page, "Taken back");
  const timeline = await page.locator(".timeline").textContent();
  assert.match(timeline, /Mara Deen disputed [\d,.]+ [A-Z]{3}.*took the decision back.*wrong customer/s);
  assert.match(await page.locator(".sums").first().textContent(), /Disputed\s*0\.00/);
  await page.context().close();
});

test("what moved no money is undone with one key", async () => {
  const page = await visitor(browser);
  const [href] = await hrefs(page, "/claims?view=new&queue=finance");
  await page.goto(base + href);
  await page.keyboard.press("t");
  await page.locator("#act-transfer[open]").waitFor();
  await page.keyboard.press("s");
  await page.locator("#act-transfer textarea:focus").waitFor();
  await page.keyboard.type("your promotion");
  await page.keyboard.press("Control+Enter");
  await toast(page, "Moved to another queue");
  await page.keyboard.press("z");
  await toast(page, "Undone");
  assert.match(await page.locator(".facts", { hasText: "Queue" }).first().textContent(), /Finance/);
  assert.match(page.url(), /view=new&queue=finance/, "undoing stays in the list");
  await page.context().close();
});

test("one letter opens an act, one chooses in it, and Escape leads back to the claim", async () => {
  const page = await visitor(browser);
  const [href] = await hrefs(page, "/claims?view=new&queue=supply_chain");
  await page.goto(base + href);
  await page.keyboard.press("b");
  await page.keyboard.press("a");
  await page.locator("#act-ask_backup textarea:focus").waitFor();
  const [chosen, letter] = await page.locator("#act-ask_backup label:has(:checked)").evaluate((label) => [label.textContent, label.dataset.letter]);
  assert.equal(letter, "a", chosen);
  await accessible(page, "a choice by letters");
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#act-ask_backup[open]").count(), 0);
  await page.keyboard.press("a");
  await page.keyboard.press("j");
  assert.equal(await page.locator("#act-assign :checked").getAttribute("value"), "jonas");
  await page.keyboard.press("Control+Enter");
  await toast(page, "Assigned");
  await page.keyboard.press("z");
  await toast(page, "Undone");
  await page.context().close();
});

test("going on from a list of everything skips what is decided", async () => {
  const page = await visitor(browser);
  const [first, second, third] = await hrefs(page, "/claims?view=everything&sort=customer");
  await page.goto(base + second);
  await page.keyboard.press("d");
  await page.locator("#act-dispute textarea").fill("signed in full");
  await page.keyboard.press("Control+Enter");
  await toast(page, "Disputed");
  await page.goto(base + first);
  await page.keyboard.press("c");
  await page.locator("#act-comment textarea").fill("called them");
  await page.keyboard.press("Control+Shift+Enter");
  await toast(page, "Comment kept");
  assert.equal(new URL(page.url()).pathname, new URL(base + third).pathname);
  await page.goto(base + second);
  await page.locator("#act-take_back summary").click();
  await page.locator("#act-take_back textarea").fill("a test");
  await page.keyboard.press("Control+Enter");
  await toast(page, "Taken back");
  await page.context().close();
});

test("two people on one claim: the second sees what the first did, and keeps the text", async () => {
  const [mara, jonas] = [await visitor(browser), await visitor(browser, { who: "jonas" })];
  const [href] = await hrefs(mara, "/claims?view=new&validity=unknown");
  await mara.goto(base + href);
  await jonas.goto(base + href);
  assert.match(await jonas.locator(".presence").textContent(), /Mara Deen is looking/);
  await mara.keyboard.press("b");
  await mara.locator("#act-ask_backup textarea").fill("the signed delivery note");
  await mara.keyboard.press("Control+Enter");
  await toast(mara, "Backup asked for");
  await jonas.keyboard.press("d");
  await jonas.locator("#act-dispute textarea").fill("never delivered, says the driver");
  const answer = jonas.waitForResponse((response) => response.url().includes("/act"));
  await jonas.keyboard.press("Control+Enter");
  assert.equal((await answer).status(), 409);
  assert.match(await jonas.locator("main").textContent(), /Mara Deen asked customer for backup.*the signed delivery note/s);
  assert.equal(await jonas.locator("#act-dispute textarea").inputValue(), "never delivered, says the driver");
  assert.equal(await jonas.evaluate(() => document.activeElement.getAttribute("role")), "alert", "the message has the focus");
  assert.ok(await jonas.locator("#evidence").isVisible(), "the claim stays at hand");
  await accessible(jonas, "a stale act");
  await shot(jonas, "stale-light-1280");
  await jonas.getByRole("button", { name: /Do it all the same/ }).click();
  await toast(jonas, "Disputed");
  await mara.context().close();
  await jonas.context().close();
});

test("above the limit another person approves, and never the one who decided", async () => {
  const [mara, jonas] = [await visitor(browser), await visitor(browser, { who: "jonas" })];
  const [href] = await hrefs(mara, "/claims?view=new&validity=valid&min=300");
  await mara.goto(base + href);
  await mara.keyboard.press("v");
  await mara.keyboard.press("Control+Enter");
  await toast(mara, "it waits for approval");
  await mara.goto(base + "/approvals");
  assert.match(await mara.locator("main").textContent(), /You decided this; another person has to approve it/);
  assert.equal(await mara.getByRole("button", { name: "Approve" }).count(), 0);
  await jonas.goto(base + "/approvals");
  await accessible(jonas, "approvals");
  await shot(jonas, "approvals-light-1280");
  await jonas.getByRole("button", { name: "Approve" }).first().click();
  await toast(jonas, "Approved");
  await jonas.goto(base + href);
  assert.match(await jonas.locator(".standing").first().textContent(), /Mara Deen accepted it on .* approved by Jonas Weber/);
  await mara.context().close();
  await jonas.context().close();
});

test("an act that can't be done says why and keeps what was typed", async () => {
  const page = await visitor(browser);
  const [href] = await hrefs(page, "/claims?view=new&min=100");
  await page.goto(base + href);
  await page.keyboard.press("s");
  await page.locator("#act-split input[name=amount]").fill("1.234");
  await page.keyboard.press("Control+Enter");
  await page.locator("#act-split [role=alert]:focus", { hasText: "can be read in two ways" }).waitFor();
  assert.equal(new URL(page.url()).pathname, href.split("?")[0], "the address is the claim's");
  const amount = page.locator("#act-split input[name=amount]");
  assert.equal(await amount.inputValue(), "1.234");
  await shot(page, "refused-light-1280");
  await page.keyboard.press("Tab");
  assert.ok(await amount.evaluate((field) => field === document.activeElement), "the field comes right behind the message");
  await amount.fill("40,00");
  await page.keyboard.press("Control+Enter");
  await toast(page, "Split in two");
  assert.match(await page.locator("main").textContent(), /Split into.*40\.00/s);
  await page.context().close();
});

test("bulk acts without JavaScript: exact preview, then a report", async () => {
  const page = await visitor(browser, { javaScriptEnabled: false });
  await page.goto(base + "/claims?view=new&validity=invalid");
  const sums = [];
  for (const index of [0, 1]) {
    await page.locator("input[name=claim]").nth(index).check();
    sums.push(await page.locator("tbody td.money").nth(index).textContent());
  }
  await page.locator("#bulk select[name=act]").selectOption("dispute");
  await page.locator("#bulk input[name=note]").fill("signed in full");
  await page.getByRole("button", { name: "Preview" }).click();
  assert.match(await page.locator("main").textContent(), /2 will be done/);
  await page.locator("main button.primary").click();
  assert.match(await page.locator("main").textContent(), /2 done/);
  await page.reload();
  assert.match(await page.locator("main").textContent(), /2 done/, "the report stays");
  await page.locator("[data-undo] summary").click();
  await page.locator("[data-undo] textarea").fill("the wrong list");
  await page.locator("[data-undo] button").click();
  assert.match(await page.locator("main").textContent(), /Take back: 2 claims chosen.*2 will be done.*the wrong list/s);
  await page.locator("main button.primary").click();
  assert.match(await page.locator("main").textContent(), /2 done/);
  await page.context().close();
});

test("the selection survives sorting and paging and is acted on with keys", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?view=new");
  for (const key of ["j", "x", "j", "x"]) await page.keyboard.press(key);
  const said = await page.locator("[data-selected]").textContent();
  assert.match(said, /^2 selected/);
  await page.goto(base + "/claims?view=new&sort=largest");
  // The bar says how many of them stand on other pages.
  assert.ok((await page.locator("[data-selected]").textContent()).startsWith(said));
  await shot(page, "selection-light-1280");
  await accessible(page, "a selection");
  await page.keyboard.press("h");
  await page.locator("#bulk input[name=until]:focus").waitFor();
  await page.locator("#bulk input[name=until]").fill("2031-01-31");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("button", { name: "Hold 2 claims" }).waitFor();
  await accessible(page, "a preview");
  await page.getByRole("button", { name: "Hold 2 claims" }).click();
  await page.locator("main", { hasText: "2 done" }).waitFor();
  await page.getByRole("link", { name: "On to what is new" }).click();
  assert.ok(await page.locator("#bulk").isHidden());
  await page.context().close();
});

test("a list is kept under a name, and everything is found by name", async () => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?queue=sales&sort=largest");
  await page.getByText("Save this list").click();
  await page.getByLabel("Name", { exact: true }).fill("Large promotions");
  await page.getByRole("button", { name: "Save" }).click();
  const link = page.locator(".views a", { hasText: "Large promotions" });
  assert.equal(await link.getAttribute("aria-current"), "true");
  assert.equal(await link.getAttribute("href"), "/claims?queue=sales&sort=largest");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("large");
  await accessible(page, "the palette");
  await shot(page, "palette-light-1280");
  await page.goto(base + "/claims");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("approv");
  await page.keyboard.press("Enter");
  await page.waitForURL(base + "/approvals");
  await page.goto(base + "/claims");
  await page.getByRole("button", { name: "Forget the view Large promotions" }).click();
  await page.waitForURL(base + "/claims");
  assert.equal(await page.locator(".views a", { hasText: "Large promotions" }).count(), 0);
  await page.context().close();
});

test("sales answer from a link in two clicks, without an account and without JavaScript", async () => {
  const jonas = await visitor(browser, { who: "jonas" });
  await jonas.goto(base + "/agreements?status=proposed");
  await jonas.locator("tbody .lead a").first().click();
  const agreement = new URL(jonas.url()).pathname;
  await jonas.getByRole("button", { name: "Make a link that asks sales" }).click();
  const link = (await jonas.locator(".notice.good code").textContent()).trim();
  await accessible(jonas, "an agreement");
  await shot(jonas, "agreement-light-1280");
  const sales = await (await browser.newContext({ javaScriptEnabled: false, viewport: { width: 360, height: 780 } })).newPage();
  await sales.goto(link);
  await sales.goto(link);
  await fits(sales, "the question to sales");
  await shot(sales, "confirm-light-360");
  await sales.getByRole("button", { name: /^Confirm/ }).click();
  assert.match(await sales.locator("h1").textContent(), /Thank you/);
  await sales.goto(link);
  assert.match(await sales.locator("h1").textContent(), /answered already/);
  await jonas.goto(base + agreement);
  assert.match(await jonas.locator("main").textContent(), /Confirmed.*What sales said.*confirmed it/s);
  assert.doesNotMatch(await jonas.locator("main").textContent(), /not confirmed yet/, "its claims were judged again");
  await sales.context().close();
  await jonas.context().close();
});

test("the search finds payments, exact amounts, files, agreements and closed deductions", async () => {
  const page = await visitor(browser);
  await page.goto(base + paths.claim);
  const payment = (await page.locator("dt:text-is('Payment') + dd").textContent()).trim().split(/[ ,]/)[0];
  const amount = (await page.locator(".sums tr").first().locator("b").textContent()).trim();
  for (const [words, expected] of [[payment, /Claims/], [amount, /Claims/], ["pod_elkton", /pod_elkton_scan\.pdf/], ["AG-4101", /Agreements/], ["category:shortage validity:invalid", /Shortage C-/], ["tolerance", /Closed by rule/]]) {
    await page.goto(base + "/search?q=" + encodeURIComponent(words));
    assert.match(await page.locator("main").textContent(), expected, words);
  }
  const points = amount.replace(",", "~").replace(".", ",").replace("~", ".");
  await page.goto(base + "/search?q=" + encodeURIComponent(points));
  assert.match(await page.locator("main").textContent(), /Claims/, points);
  await page.goto(base + "/search?q=" + encodeURIComponent("colour:red"));
  assert.match(await page.locator(".notice").textContent(), /“colour:” is no operator.*customer: category: queue:/s);
  await page.goto(base + "/search?q=shortage");
  await accessible(page, "search");
  await shot(page, "search-light-1280");
  await page.goto(base + "/search?q=" + encodeURIComponent("category:cellar nothing-has-this-word"));
  assert.match(await page.locator("main").textContent(), /category:cellar.*Nothing holds all of these words/s);
  await page.context().close();
});

test("a hit opens at the words that were looked for, on a page and in lines", async () => {
  const page = await visitor(browser);
  const search = async (words) => {
    await page.goto(base + "/search?q=" + encodeURIComponent(words));
    const document = page.locator("main .card", { has: page.getByRole("heading", { name: "Documents" }) });
    return document.locator("li").first();
  };
  const hit = await search("elkton");
  assert.match((await hit.locator("mark").textContent()).toLowerCase(), /^elkton/);
  // The index is made behind the first search; the second asks it, and finds beginnings of words.
  // The database finds any part of a word; the index finds beginnings only.
  for (let tries = 0; tries < 50 && (await (await search("lkton")).count()) > 0; tries += 1) await page.waitForTimeout(200);
  assert.equal(await (await search("lkton")).count(), 0, "the index does not answer");
  await (await search("elkt")).locator("a").first().click();
  await page.locator('rect.marked[data-field="found"]').first().waitFor({ state: "attached" });
  assert.match(await page.locator(".notice.good").first().textContent(), /stands on: page \d/);
  await accessible(page, "a document that was found");
  await (await search("saltmarsh")).locator("a").first().click();
  await page.locator(".lines .marked").first().waitFor();
  await page.setViewportSize({ width: 360, height: 780 });
  await page.goto(base + "/search?q=elkton");
  await fits(page, "search on a phone");
  await page.context().close();
});

test("a phone shows every row of the worklist without swiping sideways", async () => {
  const page = await visitor(browser, { viewport: { width: 360, height: 780 } });
  await page.goto(base + "/claims?view=new");
  await fits(page, "worklist");
  const [row, list] = await page.evaluate(() => [document.querySelector("tbody tr").scrollWidth, document.querySelector(".listing .scroll").clientWidth]);
  assert.ok(row <= list, `${row} in ${list}`);
  await page.context().close();
});

test("the whole queue is cleared by keyboard alone", async (context) => {
  const page = await visitor(browser);
  await page.goto(base + "/claims?view=new");
  const count = Number(await page.locator(".sum b").textContent());
  assert.ok(count > 40, `${count} claims`);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/claims\/C-/);
  const [suggested, undecided] = [[], []];
  let pressed = 0;
  const press = async (key) => {
    pressed += 1;
    await page.keyboard.press(key);
  };
  for (let done = 0; done < count; done += 1) {
    pressed = 0;
    const here = page.url();
    const key = await page.locator(".act.suggested").getAttribute("data-key", { timeout: 2_000 }).catch(() => null);
    await press(key ?? "h");
    if (!key) {
      await press("Tab");
      while ((await page.evaluate(() => document.activeElement?.value)) !== "repeats") await press("Tab");
      await press("Space");
    }
    await press("Control+Shift+Enter");
    await page.waitForURL((url) => url.href !== here);
    assert.equal(await page.locator("[data-refused]").count(), 0, `${here}: ${await page.locator("main").textContent()}`);
    (key ? suggested : undecided).push(pressed);
  }
  const median = (list) => list.toSorted((a, b) => a - b)[Math.floor(list.length / 2)] ?? 0;
  context.diagnostic(`${count} claims, ${suggested.length} with a suggestion; median keys: ${median(suggested)} with a suggestion, ${median(undecided)} without`);
  assert.ok(median(suggested) <= 2 && median(undecided) <= 9);
  await page.goto(base + "/claims?view=new");
  assert.match(await page.locator(".empty").textContent(), /No claim matches/);
  await page.goto(base + "/claims?sort=largest");
  const [table, room] = await page.locator(".listing .scroll").evaluate((box) => [box.scrollWidth, box.clientWidth]);
  assert.ok(table <= room, `worked claims: ${table} px in ${room}`);
  await shot(page, "worked-light-1280");
  await page.context().close();
});
