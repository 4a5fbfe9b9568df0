// A lesson: each check is marked in its place, and the paragraph reached is
// remembered. Without this module the same buttons send the form.
import { orderable } from "./quiz-order.js";

const article = document.querySelector("[data-lesson]");
const form = article.querySelector("form.prose");
orderable(form);

const fields = (block) => {
  const body = new URLSearchParams();
  for (const [name, value] of new FormData(form)) {
    if (name === block.id || name.startsWith(block.id + ":")) body.append(name, value);
  }
  return body;
};

async function check(button) {
  const block = button.closest("[data-question]");
  button.disabled = true;
  try {
    const answer = await fetch(button.formAction, { method: "POST", headers: { "X-Part": "check" }, body: fields(block), signal: AbortSignal.timeout(8000) });
    if (answer.status !== 200 && answer.status !== 422) throw new Error(answer.status);
    const holder = document.createElement("div");
    holder.innerHTML = await answer.text();
    const fresh = holder.firstElementChild;
    if (!fresh || fresh.id !== block.id) throw new Error("not a check");
    block.replaceWith(fresh);
    orderable(fresh);
    const focus = fresh.querySelector("[data-result]") || fresh.querySelector("input, select, textarea");
    if (focus) focus.focus();
  } catch {
    // The plain form takes over: it shows what went wrong and keeps the answers.
    button.disabled = false;
    button.dataset.plain = "yes";
    form.requestSubmit(button);
  }
}

form.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (!button || !("check" in button.dataset) || button.dataset.plain) return;
  event.preventDefault();
  event.stopPropagation();
  check(button);
}, true);

form.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.target.tagName !== "INPUT") return;
  const button = event.target.closest("[data-question]")?.querySelector(".foot button");
  if (!button) return;
  event.preventDefault();
  form.requestSubmit(button);
});

// The paragraph that is being read: the last one whose top has passed the upper
// third of the window.
const paragraphs = [...form.children].filter((element) => element.id && !element.matches("[data-question]"));
const reached = () => {
  let here = "";
  for (const p of paragraphs) {
    if (p.getBoundingClientRect().top > innerHeight / 3) break;
    here = p.id;
  }
  return here;
};
let sent = article.dataset.resume || "";
const remember = () => {
  const here = scrollY < 40 ? "" : reached();
  if (!here || here === sent || document.querySelector("#done")) return;
  sent = here;
  fetch(article.dataset.lesson + "/position", { method: "POST", body: new URLSearchParams({ paragraph: here }), keepalive: true }).catch(() => {});
};
let timer = 0;
addEventListener("scroll", () => {
  clearTimeout(timer);
  timer = setTimeout(remember, 2000);
}, { passive: true });
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden") remember();
});

if (location.hash === "#done") document.querySelector("#done")?.focus({ preventScroll: true });
