// A live call on two devices: the clock runs, what the other side does appears
// within two seconds, and ticks and notes are kept without leaving the page.
// Without this module every button is a form, and "Look again" asks anew.
import { clock } from "./player.js";

const bar = document.querySelector("[data-live]");
const address = `/attempts/${bar.dataset.live}/live`;
const words = bar.querySelector("[data-words]");
const time = bar.querySelector("[data-clock]");
const shown = { running: bar.dataset.running, ended: bar.dataset.ended, open: bar.dataset.open, joined: bar.dataset.joined };
let base = performance.now() - Number(bar.dataset.ms);

setInterval(() => {
  if (shown.running === "true") time.textContent = clock((performance.now() - base) / 1000);
}, 250);

function take(state) {
  base = performance.now() - state.ms;
  for (const button of document.querySelectorAll("[data-item]")) {
    const at = state.came[button.dataset.item] ?? "";
    button.setAttribute("aria-pressed", String(at !== ""));
    button.value = `${at ? "untick" : "tick"}:${button.dataset.item}`;
    button.querySelector("[data-at]").textContent = at;
  }
  if (String(state.running) !== shown.running || String(state.ended) !== shown.ended || String(state.open) !== shown.open || String(state.joined) !== shown.joined) move();
}

// move shows the page as it is now, in place, so that a recording that runs
// here goes on and what is being typed stays.
async function move() {
  const answer = await fetch(address);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = page.querySelector("[data-live]");
  Object.assign(shown, { running: fresh.dataset.running, ended: fresh.dataset.ended, open: fresh.dataset.open, joined: fresh.dataset.joined });
  base = performance.now() - Number(fresh.dataset.ms);
  time.textContent = fresh.querySelector("[data-clock]").textContent;
  words.textContent = fresh.querySelector("[data-words]").textContent;
  const [old, now] = [bar, fresh].map((one) => one.querySelector("form, p:last-child"));
  const focused = old.contains(document.activeElement);
  old.replaceWith(now);
  if (focused) now.querySelector("button, a")?.focus();
}

async function post(body, to = address) {
  try {
    const answer = await fetch(to, { method: "POST", body: new URLSearchParams(body), headers: { Accept: "application/json" } });
    const got = await answer.json();
    if (!answer.ok) words.textContent = got.message;
    return answer.ok ? got : null;
  } catch {
    words.textContent = "No connection. Press it again when it is back.";
    return null;
  }
}

document.addEventListener("submit", async (event) => {
  if (event.defaultPrevented || !event.target.action.includes(address)) return;
  event.preventDefault();
  delete event.target.dataset.sent;
  if (event.target.matches("[data-notes]")) return keep();
  const state = await post({ do: event.submitter.value });
  if (state) take(state);
});

async function poll() {
  try {
    const answer = await fetch(`${address}/state`);
    if (answer.ok) take(await answer.json());
  } catch {
    // asked again below
  }
  if (shown.open === "true") setTimeout(poll, document.hidden ? 10000 : 2000);
}
setTimeout(poll, 500);

// Notes keep themselves a moment after the last word.
const notes = document.querySelector("[data-notes]");
const kept = notes?.querySelector("[data-kept]");
let timer = 0;
async function keep() {
  clearTimeout(timer);
  const got = await post({ notes: notes.elements.notes.value, version: notes.elements.version.value }, notes.action);
  kept.textContent = got ? "Kept" : "Not kept. Press “Save notes”.";
  if (got) notes.elements.version.value = got.version;
}
notes?.addEventListener("input", () => {
  kept.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(keep, 1200);
});
