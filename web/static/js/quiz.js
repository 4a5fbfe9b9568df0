// A quiz: every answer is saved as it is given, and the page says so. Without
// this module each question has its own Save, and handing in saves them all.
import { orderable } from "./quiz-order.js";

const form = document.querySelector("[data-quiz]");
orderable(form);
const blocks = [...form.querySelectorAll("[data-question]")];
const saved = new Set(blocks.filter((b) => b.querySelector("[data-saved]").textContent === "Saved").map((b) => b.id));
const waiting = new Map();

const action = new Map();
for (const button of form.querySelectorAll("[data-check]")) {
  action.set(button.closest("[data-question]").id, button.formAction);
  button.remove();
}

const say = (block, text, bad) => {
  const status = block.querySelector("[data-saved]");
  status.textContent = text;
  status.classList.toggle("error", Boolean(bad));
};

async function save(block) {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name === block.id || name.startsWith(block.id + ":")) body.append(name, value);
  }
  const mine = (waiting.get(block.id) || 0) + 1;
  waiting.set(block.id, mine);
  say(block, "Saving");
  try {
    const answer = await fetch(action.get(block.id), { method: "POST", headers: { "X-Part": "saved" }, body, signal: AbortSignal.timeout(8000) });
    const text = await answer.text();
    if (waiting.get(block.id) !== mine) return;
    if (answer.redirected) throw new Error("signed out");
    say(block, answer.ok || answer.status < 500 ? text : "Not saved yet. It is kept here and sent when you hand in.", !answer.ok);
    if (answer.ok) saved.add(block.id);
    form.querySelector("[data-all]").textContent = `${saved.size} of ${blocks.length} saved`;
  } catch {
    if (waiting.get(block.id) === mine) say(block, "Not saved: no connection. It is kept here and sent when you hand in.", true);
  }
}

const later = new Map();
form.addEventListener("change", (event) => {
  const block = event.target.closest("[data-question]");
  if (block) save(block);
});
form.addEventListener("input", (event) => {
  if (!event.target.matches("input:not([type=radio]):not([type=checkbox]), textarea")) return;
  const block = event.target.closest("[data-question]");
  clearTimeout(later.get(block.id));
  later.set(block.id, setTimeout(() => save(block), 1200));
});
form.addEventListener("keydown", (event) => {
  // Enter in a field saves it; only the button hands in.
  if (event.key === "Enter" && event.target.tagName === "INPUT") {
    event.preventDefault();
    const block = event.target.closest("[data-question]");
    if (block) save(block);
  }
});
