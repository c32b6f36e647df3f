// Keys, marks on pages, the selection and the palette. Everything here is a convenience: the pages work without it.

const one = (selector, within = document) => within.querySelector(selector);
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const rows = all("[data-rows] tbody tr, ul[data-rows] > li");
const bulk = one("#bulk");
const help = one("#keys");
const palette = one("#palette");
const said = one("#said");
// The places that `g` leads to stand in the list of keys, in the words of the page's language.
const places = Object.fromEntries(all("[data-go]", help ?? document).map((place) => [place.dataset.go, [place.dataset.href, place.textContent]]));
const acts = { v: "accept", d: "dispute", w: "write_off", t: "transfer", b: "ask_backup", h: "hold", a: "assign", c: "comment" };
// A selection belongs to the view and the queue it was made in: sorting, filters and pages keep it, another view has its own.
const asked = new URLSearchParams(location.search);
const selection = `chosen:${asked.get("view") ?? ""}/${asked.get("queue") ?? ""}`;
const chosen = new Map(JSON.parse(sessionStorage.getItem(selection) ?? "[]"));
let at = rows.findIndex((row) => "#" + row.id === location.hash);
let afterG = false;

const reviewed = one("form[data-review]");
let filling = null;

const isTyping = (target) => target.closest("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]") !== null;
const follow = (selector) => one(selector)?.click();
const lettersOn = () => localStorage.getItem("letters") !== "off";

/* The list */

function go(index) {
  if (rows.length === 0) return;
  rows[at]?.classList.remove("is-at");
  at = Math.max(0, Math.min(rows.length - 1, index));
  const row = rows[at];
  row.classList.add("is-at");
  one("a", row)?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// Minor units are whole numbers; the currency says how many digits stand behind the point, the page's language how they are written.
function written(minor, digits) {
  return (minor / 10 ** digits).toLocaleString(document.documentElement.lang, { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function showChosen() {
  sessionStorage.setItem(selection, JSON.stringify([...chosen]));
  if (!bulk) return;
  for (const row of rows) {
    row.classList.toggle("is-selected", chosen.has(row.id));
    const box = one("input[name=claim]", row);
    if (box) box.checked = chosen.has(row.id);
  }
  const sums = new Map();
  for (const [minor, currency, digits] of chosen.values()) sums.set(currency, [(sums.get(currency)?.[0] ?? 0) + minor, digits]);
  const money = [...sums].map(([currency, [minor, digits]]) => written(minor, digits) + " " + currency);
  bulk.hidden = chosen.size === 0;
  one("[data-clear]", bulk).hidden = false;
  const count = one("[data-selected]", bulk);
  const elsewhere = [...chosen.keys()].filter((id) => !rows.some((row) => row.id === id)).length;
  const stays = elsewhere ? [count.dataset.elsewhere.replace("{0}", elsewhere)] : [];
  count.textContent = [count.dataset.selected.replace("{0}", chosen.size), ...money, ...stays].join(", ");
}

function choose(row, on) {
  if (!row?.dataset.currency) return;
  if (on) chosen.set(row.id, [Number(row.dataset.minor), row.dataset.currency, Number(row.dataset.digits)]);
  else chosen.delete(row.id);
  showChosen();
  if (bulk) said.textContent = one("[data-selected]", bulk).textContent;
}

function clearChosen() {
  chosen.clear();
  showChosen();
}

// Only the fields that the act needs are shown.
function fitFields() {
  const act = bulk.elements.act.value;
  const fits = (element) => element.dataset.for.split(" ").includes(act);
  for (const field of all("label[data-for]", bulk)) field.hidden = !fits(field);
  for (const option of all("option[data-for]", bulk)) option.hidden = option.disabled = !fits(option);
  const to = bulk.elements.to;
  if (to.selectedOptions[0]?.disabled) to.value = "";
}

/* The claim */

// A choice is made by one letter: the first of its name that no choice before it has.
for (const group of all("[data-pick]")) {
  const taken = new Set();
  for (const label of all("label", group)) {
    const letter = [...label.textContent.toLowerCase()].find((sign) => /^[a-z]$/.test(sign) && !taken.has(sign));
    if (!letter) continue;
    taken.add(letter);
    label.dataset.letter = letter;
    label.append(Object.assign(document.createElement("kbd"), { textContent: letter }));
  }
}

// Chosen, and on to what is typed next.
function pick(group, letter) {
  const label = one(`[data-letter="${letter}"]`, group);
  if (!label) return;
  one("input", label).checked = true;
  (one("textarea", group.form) ?? one("button", group.form)).focus();
}

function openAct(details) {
  details.open = true;
  const field = one("[data-pick] input:checked", details) ?? one("textarea, select, input:not([type=hidden])", details);
  (field ?? one("button", details))?.focus();
  if (field?.tagName === "TEXTAREA") field.setSelectionRange(field.value.length, field.value.length);
  details.scrollIntoView({ block: "nearest" });
}

function act(key) {
  const offered = one(`[data-acts] [data-key="${key}"]`) ?? (rows[at] && one(`[data-key="${key}"]`, rows[at]));
  if (offered?.tagName === "DETAILS") return openAct(offered);
  if (offered) return offered.requestSubmit();
  if (!acts[key]) return;
  // Cards act at once: with none chosen, the key shows which one it would be about.
  if (at < 0 && one(".tiles[data-rows]")) return go(0);
  if (bulk && chosen.size > 0) {
    bulk.elements.act.value = acts[key];
    fitFields();
    all("label[data-for]:not([hidden]) :is(input, select)", bulk)[0]?.focus();
  } else if (rows[at]) {
    const link = one("a", rows[at]);
    if (link) location.assign(link.href + "#do-" + acts[key]);
  }
}

// The address names an act by a word that is no element's: browsers take the focus away from elements that an address leads to.
function openHash() {
  const details = location.hash.startsWith("#do-") && document.getElementById("act-" + location.hash.slice(4));
  if (details) openAct(details);
}

function nextEvidence() {
  const links = all("[data-evidence]");
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[(current + 1) % links.length]?.click();
}

function doubtful(step) {
  const fields = wanting();
  const current = fields.indexOf(document.activeElement);
  const field = fields[(current + step + fields.length) % fields.length] ?? fields[0];
  field?.focus();
  if (field?.dataset.mark) field.click();
}

const wanting = () => all(".doubtful").map((part) => one("a, input", part)).filter(Boolean);

/* The review of a document */

// Tab goes from doubt to doubt, and behind the last one to the button that confirms.
function tab(event) {
  const fields = wanting();
  const current = fields.indexOf(event.target);
  if (current < 0) return;
  const next = event.shiftKey ? fields[current - 1] : (fields[current + 1] ?? one("[data-confirm]"));
  if (!next) return;
  event.preventDefault();
  next.focus();
}

function fill(words) {
  if (!filling || filling.readOnly) return;
  filling.value = words.trim();
  filling.classList.add("filled");
  filling.focus();
  said.textContent = filling.value;
}

// The words of a page are asked for when somebody comes near it.
async function showWords(figure) {
  const answer = await fetch(one("img", figure).getAttribute("src").replace(/\/pages\/(\d+)\.png$/, "/words/$1"));
  if (!answer.ok) return;
  const boxes = (await answer.json()).map(([text, left, top, right, bottom]) => {
    const box = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    for (const [name, value] of Object.entries({ x: left, y: top, width: right - left, height: bottom - top, class: "word" })) box.setAttribute(name, value);
    box.dataset.word = text;
    return box;
  });
  one("svg", figure).append(...boxes);
}

function mark(anchor) {
  for (const box of all("[data-field]")) box.classList.toggle("marked", box.dataset.field === anchor);
  for (const field of all(".fields > div, .value, .linetable tr")) field.classList.toggle("is-at", field.id === anchor);
}

function undo() {
  const last = one("[data-undo]");
  if (last?.tagName === "FORM") last.requestSubmit();
  else if (last?.tagName === "DETAILS") openAct(last);
  else last?.click();
}

function submit(form, andNext) {
  const next = andNext && one("button[name=then]", form);
  form.requestSubmit(next || undefined);
}

/* The palette: every link of the frame and every act of the page, by name */

function commands() {
  const list = Object.entries(places).map(([key, [href, name]]) => ({ name, key: "g " + key, run: () => location.assign(href) }));
  for (const link of all("header nav a, .views a")) {
    const name = link.firstChild.textContent.trim();
    if (!list.some((command) => command.name === name)) list.push({ name, key: "", run: () => link.click() });
  }
  for (const offered of all("[data-acts] [data-key]")) {
    const name = one("summary, button", offered).firstChild.textContent.trim();
    list.unshift({ name, key: offered.dataset.key, run: () => (offered.tagName === "DETAILS" ? openAct(offered) : offered.requestSubmit()) });
  }
  list.push({ name: palette.dataset.help, key: "?", run: () => help.showModal() });
  return list;
}

function openPalette() {
  const [field, box] = [one("input", palette), one("ul", palette)];
  const known = commands();
  let shown = [];
  let chosenIndex = 0;
  const draw = () => {
    const wanted = field.value.toLowerCase();
    shown = known.filter((command) => command.name.toLowerCase().includes(wanted));
    if (field.value) shown.push({ name: palette.dataset.search.replace("{0}", () => field.value), key: "/", run: () => location.assign("/search?q=" + encodeURIComponent(field.value)) });
    chosenIndex = Math.max(0, Math.min(chosenIndex, shown.length - 1));
    box.replaceChildren(
      ...shown.map((command, index) => {
        const item = Object.assign(document.createElement("li"), { id: "command-" + index, textContent: command.name });
        item.setAttribute("role", "option");
        item.setAttribute("aria-selected", index === chosenIndex);
        if (command.key) item.append(Object.assign(document.createElement("kbd"), { textContent: command.key }));
        item.onclick = () => run(command);
        return item;
      }),
    );
    field.setAttribute("aria-activedescendant", "command-" + chosenIndex);
    box.children[chosenIndex]?.scrollIntoView({ block: "nearest" });
  };
  const run = (command) => {
    palette.close();
    command?.run();
  };
  field.value = "";
  field.oninput = () => ((chosenIndex = 0), draw());
  field.onkeydown = (event) => {
    if (event.key === "ArrowDown") chosenIndex += 1;
    else if (event.key === "ArrowUp") chosenIndex -= 1;
    else if (event.key === "Enter") return event.preventDefault(), run(shown[chosenIndex]);
    else return;
    event.preventDefault();
    draw();
  };
  draw();
  palette.showModal();
}

/* Keys */

const keys = {
  j: () => (rows.length ? go(at + 1) : follow("a[rel=next]")),
  k: () => (rows.length ? go(at - 1) : follow("a[rel=prev]")),
  o: () => rows[at] && one("a", rows[at])?.click(),
  x: () => choose(rows[at], !chosen.has(rows[at]?.id)),
  e: nextEvidence,
  n: () => doubtful(1),
  p: () => doubtful(-1),
  z: undo,
  ".": () => location.reload(),
};
const signs = {
  "/": () => one("#search")?.focus(),
  "?": () => help?.showModal(),
  // An open menu is closed by the browser itself.
  Escape: () => !document.querySelector(":popover-open") && (chosen.size > 0 && bulk ? clearChosen() : follow("[data-back]")),
};

document.addEventListener("keydown", (event) => {
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "Tab" && reviewed?.contains(event.target) && !command && !event.altKey) return tab(event);
  const form = event.target.form ?? one("form", event.target.closest(".act[open]") ?? document.createElement("p")) ?? reviewed;
  if (command && event.key === "Enter" && form) {
    event.preventDefault();
    return submit(form, event.shiftKey);
  }
  if (command && event.key.toLowerCase() === "k" && !event.altKey) {
    event.preventDefault();
    return openPalette();
  }
  if (command || event.altKey || help?.open || palette?.open) return;
  const opened = event.target.closest(".act[open]");
  if (event.key === "Escape" && opened) {
    opened.open = false;
    return one("summary", opened).focus();
  }
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const group = event.target.matches("[type=radio]") && event.target.closest("[data-pick]");
  if (group && lettersOn() && /^[a-z]$/.test(event.key)) {
    event.preventDefault();
    return pick(group, event.key);
  }
  if (signs[event.key]) {
    event.preventDefault();
    return signs[event.key]();
  }
  if (event.key === "Enter" && event.target === document.body && rows[at]) return one("a", rows[at])?.click();
  if (!lettersOn()) return;
  // A key that is held down decides once.
  if (event.repeat && acts[event.key]) return event.preventDefault();
  if (afterG) {
    afterG = false;
    if (places[event.key]) {
      event.preventDefault();
      return location.assign(places[event.key][0]);
    }
  }
  if (event.key === "g") {
    afterG = true;
    setTimeout(() => (afterG = false), 1500);
  } else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  } else if (/^[a-z]$/.test(event.key)) {
    event.preventDefault();
    act(event.key);
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-mark]");
  if (link) {
    event.preventDefault();
    mark(link.dataset.mark);
    one(`rect[data-field="${link.dataset.mark}"]`)?.scrollIntoView({ block: "center" });
    history.replaceState(null, "", link.href);
  }
  const box = event.target.closest("rect[data-field]");
  if (box?.dataset.field) {
    mark(box.dataset.field);
    document.getElementById(box.dataset.field)?.scrollIntoView({ block: "nearest" });
  }
  const person = one("details.person[open]");
  if (person && !person.contains(event.target)) person.open = false;
});

/* Text that was not sent is kept until the act it belongs to is done */

const draft = (field) => `text:${location.pathname.replace(/\/act$/, "")}:${field.form?.elements.act?.value ?? ""}:${field.name}`;
for (const field of all("textarea[name]:not([data-fresh])")) {
  const kept = sessionStorage.getItem(draft(field));
  if (kept) field.value = kept;
  field.addEventListener("input", () => sessionStorage.setItem(draft(field), field.value));
}
const toast = one("[data-toast]");
if (toast) {
  const done = one("a", toast).getAttribute("href").split("?")[0];
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(`text:${done}`)) sessionStorage.removeItem(key);
  setTimeout(() => toast.remove(), 10_000);
}

if (reviewed) {
  const pages = all(".paper .page");
  pages.forEach((figure, index) => (index === 0 ? showWords(figure) : figure.addEventListener("pointerenter", () => showWords(figure), { once: true })));
  reviewed.addEventListener("focusin", (event) => {
    if (!event.target.matches("input:not([type=checkbox])")) return;
    filling = event.target;
    mark(filling.closest("[id^=field-], [id^=line-]")?.id);
  });
  // A click on the paper leaves the focus in the field that it fills.
  one(".paper").addEventListener("mousedown", (event) => event.target.closest("[data-word], .lines td") && event.preventDefault());
  one(".paper").addEventListener("click", (event) => {
    const word = event.target.closest("[data-word], .lines td");
    if (word) fill(word.dataset.word ?? word.textContent);
  });
  (wanting()[0] ?? one("[data-confirm]"))?.focus({ preventScroll: true });
}

/* Matching: what is left to explain, as one types. The server counts again before anything is posted. */

const putting = one("form[data-left]");

// The last mark with at most the currency's digits behind it separates them; everything else are thousands.
function minorOf(text, digits) {
  const plain = text.replace(/[^\d.,-]/g, "");
  const mark = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
  const behind = mark >= 0 && plain.length - mark - 1 <= digits ? plain.slice(mark + 1) : "";
  const whole = (behind || mark === plain.length - 1 ? plain.slice(0, mark) : plain).replace(/[.,]/g, "");
  return Number((whole || "0") + behind.padEnd(digits, "0"));
}

function count() {
  const digits = Number(putting.dataset.digits);
  const put = all("input[name^='paid.']", putting).reduce((sum, field) => sum + minorOf(field.value, digits), 0);
  const left = Number(putting.dataset.left) - put;
  const shown = one("[data-left-now]", putting);
  one("b", shown).textContent = written(left, digits).replace("-", "\u2212") + " " + putting.dataset.currency;
  shown.classList.toggle("done", left === 0);
  shown.classList.toggle("much", left < 0);
}

putting?.addEventListener("input", count);

// A search leads to the words that it found.
if (new URLSearchParams(location.search).has("q")) one('.marked[data-field="found"], .lines .marked')?.scrollIntoView({ block: "center" });

// A wide table shows the cell that is meant; the page stays where it is.
const meant = one(".lines #marked");
if (meant && location.hash !== "#marked") {
  const [table, cell] = [meant.closest(".lines"), meant.getBoundingClientRect()];
  const frame = table.getBoundingClientRect();
  if (cell.right > frame.right) table.scrollLeft = cell.right - frame.right + frame.width / 4;
  if (cell.bottom > frame.bottom) table.scrollTop = cell.bottom - frame.bottom + frame.height / 3;
}

const printer = one("[data-print]");
if (printer) {
  printer.hidden = false;
  printer.addEventListener("click", () => print());
}

/* A backtest or judging that runs: the page shows how far it is until it ends, then what it came to. */

async function followRun() {
  const answer = await fetch(location.href);
  const next = answer.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#run");
  if (!next?.hasAttribute("data-running")) return location.reload();
  one("[role=status]", one("#run")).textContent = one("[role=status]", next).textContent;
  const bar = one("progress", next);
  Object.assign(one("#run progress"), { max: bar.max, value: bar.value });
  setTimeout(followRun, 1500);
}
if (one("[data-running]")) setTimeout(followRun, 1000);

/* Begin */

const helpButton = one("[data-keys]");
if (helpButton) {
  helpButton.hidden = false;
  helpButton.addEventListener("click", () => help.showModal());
}
const refused = one("[data-refused]");
if (refused) {
  // The address of the claim stays in the bar: loading it again shows the claim and sends nothing twice.
  history.replaceState(null, "", location.pathname.replace(/\/(act|answer|link|refuse|decision|files|customer)$/, "") + location.search);
  if (!reviewed) refused.focus();
}
const letters = one("[data-letters]");
if (letters) {
  letters.checked = lettersOn();
  letters.addEventListener("change", () => localStorage.setItem("letters", letters.checked ? "on" : "off"));
}
if (one("[data-clear-selection]")) chosen.clear();
if (bulk) {
  bulk.elements.act.addEventListener("change", fitFields);
  one("[data-clear]", bulk).addEventListener("click", clearChosen);
  document.addEventListener("change", (event) => event.target.name === "claim" && choose(event.target.closest("tr"), event.target.checked));
  // Claims that were chosen on other pages of the list go along.
  bulk.addEventListener("submit", () => {
    for (const id of chosen.keys()) {
      if (rows.some((row) => row.id === id)) continue;
      bulk.append(Object.assign(document.createElement("input"), { type: "hidden", name: "claim", value: id }));
    }
  });
  fitFields();
}
if (at >= 0) go(at);
showChosen();
openHash();
addEventListener("hashchange", openHash);
