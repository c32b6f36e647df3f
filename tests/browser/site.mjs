// The browser, the log-in and the promises that every screen is held to.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { AxeBuilder } from "@axe-core/playwright";
import { chromium } from "playwright-core";

export const base = process.env.RECOUP_URL ?? "http://127.0.0.1:8080";
const login = process.env.RECOUP_LOGIN;
const password = process.env.RECOUP_PASSWORD;
const screenshots = new URL("../../docs/screenshots/", import.meta.url).pathname;

/** The screens that need no row to be found first. */
export const screens = {
  overview: "/",
  workload: "/workload",
  causes: "/causes",
  coming: "/coming",
  worklist: "/claims",
  documents: "/documents",
  customers: "/customers",
  approvals: "/approvals",
  practice: "/practice",
  delivery: "/deliveries?invoice=INV-260532",
  agreements: "/agreements",
  search: "/search?q=shortage",
  administration: "/administration",
  audit: "/audit",
  routing: "/routing",
  rules: "/rules",
  ruletable: "/rules/table?file=routing.csv",
};

/** The address that a list leads to first. */
export async function first(page, list, selector) {
  await page.goto(base + list);
  return page.locator(selector).first().getAttribute("href");
}

export async function open() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox"] });
}

export async function logIn(page, who = login) {
  await page.goto(base + "/login");
  // By name: the page speaks the language of the browser.
  await page.locator("input[name=login]").fill(who);
  await page.locator("input[name=password]").fill(password);
  await page.locator("form button.primary").click();
  await page.waitForURL(base + "/");
}

/** A page that is logged in, in a window and a colour scheme. */
export async function visitor(browser, { who = login, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.faults = [];
  page.on("console", (message) => message.type() === "error" && page.faults.push(message.text()));
  page.on("pageerror", (error) => page.faults.push(String(error)));
  await logIn(page, who);
  return page;
}

/** No violation of WCAG 2.2 AA or of axe's best practices. */
export async function accessible(page, name) {
  const { violations } = await new AxeBuilder({ page }).analyze();
  const told = violations.map((violation) => `${violation.id}: ${violation.help}\n  ${violation.nodes.slice(0, 4).map((node) => node.html.slice(0, 160) + " " + node.any.map((check) => check.message).join("; ")).join("\n  ")}`);
  assert.deepEqual(told, [], `axe on ${name}`);
}

/** Nothing is wider than the window. */
export async function fits(page, name) {
  const [content, window] = await page.evaluate(() => [document.documentElement.scrollWidth, document.documentElement.clientWidth]);
  assert.ok(content <= window, `${name} is ${content} px wide in a window of ${window} px`);
}

export async function screenshot(page, name) {
  if (process.env.SCREENSHOTS !== "1") return;
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot({ path: `${screenshots}${name}.png` });
}

/** Bytes on the wire of everything but pictures of pages, which are as large as their paper. */
export async function bytesOf(browser, path) {
  const page = await visitor(browser);
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  await session.send("Network.setCacheDisabled", { cacheDisabled: true });
  const [sizes, pictures] = [new Map(), new Set()];
  session.on("Network.responseReceived", (event) => event.response.mimeType === "image/png" && pictures.add(event.requestId));
  session.on("Network.loadingFinished", (event) => sizes.set(event.requestId, event.encodedDataLength));
  await page.goto(base + path, { waitUntil: "networkidle" });
  await page.context().close();
  return [...sizes].filter(([id]) => !pictures.has(id)).reduce((sum, [, size]) => sum + size, 0);
}
