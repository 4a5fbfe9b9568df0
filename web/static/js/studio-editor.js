// The editor: a preview that follows the typing, line numbers with the places
// of problems, blocks from the slash key, saving without leaving the page.
// Without this module the buttons Preview and Save draft send the form.
import { blockMenu } from "./studio-blocks.js";

const form = document.querySelector("#editor");
const source = form.querySelector("textarea");
const gutter = form.querySelector("[data-gutter]");
const preview = form.querySelector(".preview");
const state = form.querySelector("[data-state]");
const saved = document.querySelector("[data-saved]");
const part = (name, within = document) => within.querySelector(`[data-part="${name}"]`);

for (const node of document.querySelectorAll("[data-keys], [data-insert]")) node.hidden = false;

let dirty = false;
let timer = 0;
let asked = null;

function number() {
  const lines = source.value.split("\n").length;
  const classes = new Map();
  for (const item of part("problems").querySelectorAll("li[data-line]")) {
    const line = Number(item.dataset.line);
    if (item.classList.contains("error") || !classes.has(line)) classes.set(line, item.classList.contains("error") ? "bad" : "warn");
  }
  const rows = [];
  for (let n = 1; n <= lines; n++) {
    const row = document.createElement("li");
    row.textContent = n;
    if (classes.has(n)) row.className = classes.get(n);
    rows.push(row);
  }
  gutter.replaceChildren(...rows);
  gutter.scrollTop = source.scrollTop;
}

async function look() {
  clearTimeout(timer);
  asked?.abort();
  const mine = (asked = new AbortController());
  try {
    const answer = await fetch(form.dataset.preview, { method: "POST", headers: { "X-Part": "preview" }, body: new URLSearchParams(new FormData(form)), signal: mine.signal });
    if (!answer.ok) throw new Error(answer.status);
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    const at = preview.scrollTop;
    for (const name of ["preview", "problems", "line"]) part(name).replaceChildren(...part(name, fresh).childNodes);
    preview.scrollTop = at;
    number();
    state.textContent = "up to date";
  } catch (problem) {
    if (problem.name !== "AbortError") state.textContent = "not up to date: the server did not answer";
  }
}

source.addEventListener("input", () => {
  dirty = true;
  saved.textContent = "";
  state.textContent = "";
  number();
  clearTimeout(timer);
  timer = setTimeout(look, 300);
});

async function save() {
  try {
    const answer = await fetch(form.action, { method: "POST", headers: { "X-Part": "save" }, body: new URLSearchParams(new FormData(form)), redirect: "error" });
    if (!answer.ok) throw new Error(answer.status);
    const on = await answer.text();
    if (!/^\d+\.\d+$/.test(on)) throw new Error("not a version");
    form.elements.on.value = on;
    form.elements.beside?.remove();
    document.querySelector("[data-standing]").textContent = `Draft of version ${on.split(".")[0]}`;
    dirty = false;
    saved.textContent = `Saved ${new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })}`;
  } catch {
    dirty = false;
    form.requestSubmit(); // the plain form shows what went wrong and keeps the text
  }
}

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
  if (event.key === "s") {
    event.preventDefault();
    save();
  } else if (event.key === "Enter" && form.contains(event.target)) {
    event.preventDefault();
    look();
  }
});
form.addEventListener("submit", (event) => {
  if (event.submitter?.hasAttribute("formaction")) {
    event.preventDefault();
    event.stopPropagation();
    look();
    return;
  }
  dirty = false;
});
window.addEventListener("beforeunload", (event) => {
  if (dirty) event.preventDefault();
});

// A problem leads to its line in the text.
document.addEventListener("click", (event) => {
  const link = event.target.closest('[data-part="problems"] a');
  if (!link) return;
  event.preventDefault();
  const lines = source.value.split("\n");
  const line = Math.min(Number(link.closest("li").dataset.line), lines.length);
  const start = lines.slice(0, line - 1).reduce((n, l) => n + l.length + 1, 0);
  source.focus();
  source.setSelectionRange(start, start + lines[line - 1].length);
  source.scrollTop = Math.max(0, (line - 4) * parseFloat(getComputedStyle(source).lineHeight));
});

// Text and preview scroll together, by how far each has come.
let leader = null;
function follow(from, to) {
  if (leader && leader !== from) return;
  leader = from;
  clearTimeout(follow.rest);
  follow.rest = setTimeout(() => (leader = null), 120);
  const room = from.scrollHeight - from.clientHeight;
  if (room > 0) to.scrollTop = (from.scrollTop / room) * (to.scrollHeight - to.clientHeight);
}
source.addEventListener("scroll", () => {
  gutter.scrollTop = source.scrollTop;
  follow(source, preview);
});
preview.addEventListener("scroll", () => follow(preview, source));

blockMenu(source);
number();
