// Keys, marks on pages and the selection. Everything here is a convenience: the pages work without it.

const rows = [...document.querySelectorAll("[data-rows] tbody tr")];
const selected = new Map(JSON.parse(sessionStorage.getItem("selected") ?? "[]"));
const dialog = document.getElementById("keys");
const said = document.getElementById("said");
const places = { n: "/claims?view=new", m: "/claims?view=mine", d: "/", p: "/claims?category=promotion_allowance", r: "/documents?kind=remittance_advice" };
let at = rows.findIndex((row) => "#" + row.id === location.hash);
let afterG = false;

const isTyping = (target) => target.closest("input, textarea, select, [contenteditable]") !== null;
const follow = (selector) => document.querySelector(selector)?.click();

function go(index) {
  if (rows.length === 0) return;
  rows[at]?.classList.remove("is-at");
  at = Math.max(0, Math.min(rows.length - 1, index));
  const row = rows[at];
  row.classList.add("is-at");
  row.querySelector("a")?.focus({ preventScroll: true });
  row.scrollIntoView({ block: "nearest" });
}

// Minor units are whole numbers; the digits behind the point are those of the shown amount.
function written(minor, shown) {
  const digits = (shown.split(".")[1] ?? "").length;
  return (minor / 10 ** digits).toLocaleString("en", { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

function showSelection() {
  const bar = document.querySelector("[data-selection]");
  if (!bar) return;
  for (const row of rows) row.classList.toggle("is-selected", selected.has(row.id));
  const sums = new Map();
  for (const [minor, currency, shown] of selected.values()) {
    const sum = sums.get(currency) ?? [0, shown];
    sums.set(currency, [sum[0] + minor, shown]);
  }
  const money = [...sums].map(([currency, [minor, shown]]) => written(minor, shown) + " " + currency);
  bar.hidden = selected.size === 0;
  bar.querySelector("[data-selected]").textContent = [selected.size + " selected", ...money].join(", ");
  sessionStorage.setItem("selected", JSON.stringify([...selected]));
}

function toggle() {
  const row = rows[at];
  if (!row?.dataset.currency) return;
  if (!selected.delete(row.id)) selected.set(row.id, [Number(row.dataset.minor), row.dataset.currency, row.dataset.amount]);
  showSelection();
  said.textContent = document.querySelector("[data-selected]").textContent;
}

function nextEvidence() {
  const links = [...document.querySelectorAll("[data-evidence]")];
  const current = links.findIndex((link) => link.hasAttribute("aria-current"));
  links[(current + 1) % links.length]?.click();
}

function mark(anchor) {
  for (const box of document.querySelectorAll("[data-field]")) box.classList.toggle("marked", box.dataset.field === anchor);
  for (const field of document.querySelectorAll(".fields > div")) field.classList.toggle("is-at", field.id === anchor);
}

const keys = {
  j: () => (rows.length ? go(at + 1) : follow("a[rel=next]")),
  k: () => (rows.length ? go(at - 1) : follow("a[rel=prev]")),
  x: toggle,
  e: nextEvidence,
  i: () => follow("[data-assign]"),
  "/": () => document.getElementById("search")?.focus(),
  "?": () => dialog?.showModal(),
  Escape: () => follow("[data-back]"),
};

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || dialog?.open) return;
  if (isTyping(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  if (afterG) {
    afterG = false;
    if (places[event.key]) {
      event.preventDefault();
      location.assign(places[event.key]);
      return;
    }
  }
  if (event.key === "g") {
    afterG = true;
    setTimeout(() => (afterG = false), 1500);
  } else if (event.key === "Enter" && event.target === document.body && rows[at]) {
    rows[at].querySelector("a")?.click();
  } else if (keys[event.key]) {
    event.preventDefault();
    keys[event.key]();
  }
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-mark]");
  if (link) {
    event.preventDefault();
    mark(link.dataset.mark);
    document.querySelector(`rect[data-field="${link.dataset.mark}"]`)?.scrollIntoView({ block: "center" });
    history.replaceState(null, "", link.href);
  }
  const box = event.target.closest("rect[data-field]");
  if (box?.dataset.field) {
    mark(box.dataset.field);
    document.getElementById(box.dataset.field)?.scrollIntoView({ block: "nearest" });
  }
  const person = document.querySelector("details.person[open]");
  if (person && !person.contains(event.target)) person.open = false;
});

const help = document.querySelector("[data-keys]");
if (help) {
  help.hidden = false;
  help.addEventListener("click", () => dialog.showModal());
}
document.querySelector("[data-clear]")?.addEventListener("click", () => {
  selected.clear();
  showSelection();
});
if (at >= 0) go(at);
showSelection();
