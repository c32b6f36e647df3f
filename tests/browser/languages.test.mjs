// The four languages: every main screen in each of them, the choice of a person, amounts as people of each country type them.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { accessible, base, first, fits, logIn, open, screens, visitor } from "./site.mjs";

/** The screens where people spend their day: looked at in the dark too. Words don't change colours, so the others are looked at in the light. */
const daily = ["worklist", "claim", "review", "matching"];

let browser;
let paths;

const names = { en: "English", fr: "Français", nl: "Nederlands", de: "Deutsch" };

/** Chooses a language in the person's menu. */
async function speak(page, language) {
  await page.goto(base + "/");
  await page.locator("details.person summary").click();
  await page.getByRole("button", { name: names[language] }).click();
  await page.locator(`html[lang=${language}]`).waitFor();
}

before(async () => {
  browser = await open();
  const page = await visitor(browser, { who: "jonas" });
  const leads = (list) => first(page, list, "tbody .lead a");
  paths = {
    ...screens,
    causes: "/causes?by=carrier&weeks=52",
    claim: await leads("/claims?view=new&category=shortage"),
    document: await leads("/documents?status=processed&kind=remittance_advice&q=pdf"),
    payments: "/payments",
    matching: await leads("/payments"),
    customer: "/customers/US110",
    agreement: await leads("/agreements"),
  };
  paths.review = `${paths.document}/review`;
  await page.context().close();
});

after(async () => {
  // The other tests read English.
  for (const who of ["mara", "jonas"]) {
    const page = await visitor(browser, { who });
    await speak(page, "en");
    await page.context().close();
  }
  await browser?.close();
});

for (const language of ["fr", "nl", "de"]) {
  for (const colorScheme of ["light", "dark"]) {
    test(`${colorScheme === "dark" ? "the daily screens are" : "every main screen is"} accessible and fits in ${names[language]}, ${colorScheme}`, async () => {
      const page = await visitor(browser, { who: "jonas", colorScheme });
      await speak(page, language);
      for (const [name, path] of Object.entries(paths).filter(([name]) => colorScheme === "light" || daily.includes(name))) {
        await page.setViewportSize({ width: 1280, height: 900 });
        await page.goto(base + path);
        assert.equal(await page.locator("html").getAttribute("lang"), language);
        await accessible(page, `${name} in ${language}, ${colorScheme}`);
        await page.setViewportSize({ width: 360, height: 780 });
        await fits(page, `${name} in ${language} at 360 px`);
      }
      assert.deepEqual(page.faults, []);
      const door = await (await browser.newContext({ colorScheme, locale: language })).newPage();
      await door.goto(base + "/login");
      assert.equal(await door.locator("html").getAttribute("lang"), language, "the browser is asked before the log-in");
      await accessible(door, `the door in ${language}`);
      await door.context().close();
      await page.context().close();
    });
  }
}

test("no column of a list is cut off at 1280 px in German", async () => {
  const page = await visitor(browser, { who: "jonas" });
  await speak(page, "de");
  for (const list of ["/claims", "/claims?view=closed_by_rule", "/claims?view=deductions", "/documents", "/customers", "/agreements"]) {
    await page.goto(base + list);
    const [table, room] = await page.locator(":is(main, .listing) > .scroll").evaluate((box) => [box.scrollWidth, box.clientWidth]);
    assert.ok(table <= room, `${list}: ${table} px in ${room}`);
  }
  await page.context().close();
});

test("a chosen language survives the log-out, in another browser too", async () => {
  const page = await visitor(browser);
  await speak(page, "fr");
  await page.locator("details.person summary").click();
  await page.getByRole("button", { name: "Se déconnecter" }).click();
  await page.waitForURL(base + "/login");
  assert.equal(await page.locator("html").getAttribute("lang"), "en", "who is not logged in is answered as the browser asks");
  await logIn(page);
  assert.equal(await page.locator("html").getAttribute("lang"), "fr");
  const other = await visitor(browser, { locale: "nl" });
  assert.equal(await other.locator("html").getAttribute("lang"), "fr", "the choice goes before the browser's wish");
  await page.context().close();
  await other.context().close();
});

test("amounts are shown, filled in, typed and summed in the form of the language", async () => {
  const page = await visitor(browser, { who: "jonas" });
  await speak(page, "de");
  await page.goto(base + "/claims?view=new&sort=largest");
  const amount = page.locator("tbody td.money").first();
  assert.match(await amount.textContent(), /^\d{1,3}(\.\d{3})*,\d\d [A-Z]{3}$/);
  assert.match(await page.locator("tbody .paid time").first().textContent(), /^\d\d\.\d\d\.\d{4}$/);
  assert.match(await page.locator("tbody .paid time").first().getAttribute("datetime"), /^\d{4}-\d\d-\d\d$/);
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  assert.equal(await page.locator("[data-selected]").textContent(), `1 ausgewählt, ${(await amount.textContent()).trim()}`);
  await page.goto(base + "/claims?view=new&validity=partial");
  await page.locator("tbody .lead a").first().click();
  assert.match(await page.locator("#act-partly_accept input[name=amount]").inputValue(), /^\d+,\d\d$/, "what the page fills in is in the person's form");
  await page.locator("#act-split summary").click();
  await page.locator("#act-split input[name=amount]").fill("1.234");
  await page.locator("#act-split button.primary").click();
  await page.locator("#act-split [role=alert]", { hasText: "lässt sich auf zwei Arten lesen" }).waitFor();
  await page.locator("#act-split input[name=amount]").fill("0,01");
  await page.locator("#act-split button.primary").click();
  await page.locator("[data-toast]", { hasText: "In zwei geteilt" }).waitFor();
  await page.context().close();
});

test("keys, palette and help speak the language, and sentences that are kept in English say so", async () => {
  const page = await visitor(browser, { who: "jonas" });
  await speak(page, "de");
  await page.goto(base + paths.claim);
  assert.equal(await page.locator(".say [lang=en]").count(), 1);
  assert.equal(await page.locator(".says:not([lang=en])").count(), 0);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("Zahlungsavise");
  await page.locator("#palette li", { hasText: "„Zahlungsavise“ suchen" }).waitFor();
  await page.keyboard.press("Enter");
  await page.waitForURL(/kind=remittance_advice/);
  await page.keyboard.press("g");
  await page.keyboard.press("n");
  await page.waitForURL(/view=new/);
  await page.context().close();
});
