// A quiz: every answer is saved as it is given, and the page says so. Without
// this module each question has its own Save, and handing in saves them all.
import { count, fill, keptFor } from "./quiz-kept.js";
import { orderable } from "./quiz-order.js";

const form = document.querySelector("[data-quiz]");
orderable(form);
const kept = keptFor(form.dataset.attempt);
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
  kept.keep(block.id, body.toString());
  say(block, "Saving");
  try {
    const answer = await fetch(action.get(block.id), { method: "POST", headers: { "X-Part": "saved" }, body, signal: AbortSignal.timeout(8000) });
    const text = await answer.text();
    if (waiting.get(block.id) !== mine) return;
    if (answer.redirected) throw new Error("signed out");
    if (answer.status >= 500) throw new Error("the server did not answer");
    say(block, text, !answer.ok);
    kept.sent(block.id);
    if (answer.ok) saved.add(block.id);
    form.querySelector("[data-all]").textContent = `${saved.size} of ${blocks.length} saved`;
  } catch {
    if (waiting.get(block.id) === mine) say(block, "Not saved yet: no connection. It is kept on this device and sent again by itself.", true);
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

// What a lost network or a crash left behind is put back and sent again: at
// once, when the connection comes back, and every ten seconds.
const again = (restore) => {
  for (const [id, fields] of Object.entries(kept.all())) {
    const block = blocks.find((b) => b.id === id);
    if (!block) continue;
    if (restore) fill(block, fields);
    save(block);
  }
};
again(true);
addEventListener("online", () => again(false));
setInterval(() => again(false), 10000);

const clock = document.querySelector("[data-until]");
if (clock) count(clock);
