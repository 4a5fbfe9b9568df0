// The scoring desk by keyboard, with a draft that saves itself. Without this
// module the page is a form like any other.
import { shortcut, typing } from "./shortcuts.js";

const sheet = document.getElementById("sheet");
const saved = document.getElementById("saved");
const decided = document.getElementById("decided");
const left = document.getElementById("left");
const target = document.getElementById("target");
const criteria = [...sheet.querySelectorAll("[data-criterion]")];
const turns = [...document.querySelectorAll("[data-turn]")];

// One criterion is open at a time; the others fold to their chosen anchor.
sheet.classList.add("folding");
for (const one of criteria) {
  const open = document.createElement("button");
  open.type = "button";
  open.className = "link-button small unfold";
  open.textContent = "Open the five anchors";
  open.addEventListener("click", () => focusOn(one));
  one.append(open);
  one.addEventListener("focusin", () => show(one));
}
for (const link of document.querySelectorAll(".step")) {
  link.addEventListener("click", (event) => {
    event.preventDefault();
    focusOn(criteria.find((one) => one.id === link.hash.slice(1)));
  });
}

const current = () => criteria.find((one) => one.classList.contains("open")) ?? criteria[0];

function show(one) {
  for (const other of criteria) other.classList.toggle("open", other === one);
  target.value = one.dataset.criterion;
}

function focusOn(one) {
  show(one);
  const radio = one.querySelector("input:checked") ?? one.querySelector("input[type=radio]");
  radio.focus();
  one.scrollIntoView({ block: "nearest", inline: "start" });
}

target.addEventListener("change", () => show(criteria.find((one) => one.dataset.criterion === target.value)));

// A level without a moment or a quote says so at once.
function mark() {
  for (const one of criteria) {
    const level = one.querySelector("input:checked")?.value;
    const proven = one.querySelector("textarea").value.trim() || one.querySelector("input[name^=at_]").value.trim();
    one.querySelector(".need").hidden = !level || level === "n" || Boolean(proven);
  }
}

// With a recording at hand, a level without proof takes the moment that is heard.
const player = document.querySelector("[data-player] :is(audio, video)");
function moment(one) {
  const at = one.querySelector("input[name^=at_]");
  if (player?.currentTime > 0 && !at.value && !one.querySelector("textarea").value.trim()) at.value = clockOf(player.currentTime);
}
function clockOf(seconds) {
  const s = Math.floor(seconds);
  return `${String(Math.floor(s / 60)).padStart(2, "0")}:${String(s % 60).padStart(2, "0")}`;
}

function score(value) {
  const one = current();
  const radio = one.querySelector(`input[type=radio][value="${value}"]`);
  if (!radio) return;
  radio.checked = true;
  const never = one.querySelector("input[name^=never_]");
  if (never) never.checked = false;
  if (value !== "n") moment(one);
  changed();
  const next = criteria[criteria.indexOf(one) + 1];
  focusOn(next ?? one);
}

// What a criterion needs never came: kept apart from not observed, with the
// reason that the conversation itself suggests.
function never() {
  const one = current();
  const box = one.querySelector("input[name^=never_]");
  if (!box) return say("This criterion can always be scored.");
  one.querySelector('input[value="n"]').checked = true;
  box.checked = true;
  const why = one.querySelector("input[name^=why_]");
  if (!why.value && one.querySelector("[id^=needs_] strong")) why.value = why.placeholder;
  changed();
  focusOn(criteria[criteria.indexOf(one) + 1] ?? one);
}
for (const box of sheet.querySelectorAll("input[name^=never_]")) {
  const none = box.closest("[data-criterion]").querySelector('input[value="n"]');
  box.addEventListener("change", () => box.checked && (none.checked = true));
}
sheet.addEventListener("change", ({ target: radio }) => {
  const box = radio.type === "radio" && radio.value !== "n" && radio.closest("[data-criterion]").querySelector("input[name^=never_]");
  if (box) box.checked = false;
});

// The line in hand.
let line = -1;
function goToLine(at) {
  if (!turns[at]) return;
  turns[line]?.removeAttribute("aria-current");
  line = at;
  turns[line].setAttribute("aria-current", "true");
  turns[line].scrollIntoView({ block: "nearest" });
}

function quote(turn) {
  const one = criteria.find((c) => c.dataset.criterion === target.value) ?? current();
  one.querySelector("textarea").value = turn.querySelector("p").textContent;
  if (turn.dataset.at) one.querySelector("input[name^=at_]").value = turn.dataset.at.includes(":") ? turn.dataset.at : "";
  say(`Line taken as proof of ${one.querySelector("legend").firstChild.textContent.trim()}.`);
  changed();
}
for (const button of document.querySelectorAll(".take")) {
  button.addEventListener("click", (event) => {
    event.preventDefault();
    const turn = button.closest("[data-turn]");
    goToLine(turns.indexOf(turn));
    quote(turn);
  });
}

// A comment belongs to the line in hand and the criterion in focus.
const comment = document.getElementById("comment_text");
function openComment() {
  const at = document.getElementById("comment_at");
  if (at && player) {
    player.pause();
    at.value = player.currentTime > 0 || line < 0 ? clockOf(player.currentTime) : "";
  }
  if (turns[line]) document.getElementById("comment_turn").value = turns[line].dataset.turn;
  document.getElementById("comment_about").value = current().dataset.criterion;
  comment.focus();
}
comment.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    document.querySelector('button[value="comment"]').click();
  }
});

shortcut((event) => {
  const key = event.key;
  if (key >= "1" && key <= "5") score(key);
  else if (key === "n" || key === "N") score("n");
  else if (key === "x" || key === "X") never();
  else if (key === "c" || key === "C") openComment();
  else if (key === "q" || key === "Q") turns[line] && quote(turns[line]);
  else if (key === "." && !player) goToLine(line + 1);
  else if (key === "," && !player) goToLine(Math.max(0, line - 1));
  else if (key === "j") document.querySelector("[data-next]")?.click();
  else if (key === "k") document.querySelector("[data-prev]")?.click();
  else if (key === "R" && event.shiftKey) document.getElementById("review").click();
  else return;
  event.preventDefault();
});

// The draft saves itself a moment after the last change, one request at a time.
let timer = 0;
let sending = null;
let again = false;
let stopped = false;
function say(words) {
  saved.textContent = words;
}
function changed() {
  mark();
  clearTimeout(timer);
  timer = setTimeout(save, 900);
}
async function save() {
  if (stopped) return;
  if (sending) {
    again = true;
    return;
  }
  say("Saving");
  const body = new URLSearchParams(new FormData(sheet));
  body.set("do", "save");
  sending = fetch(sheet.action, { method: "POST", body, headers: { Accept: "application/json" } });
  try {
    const answer = await sending;
    const got = await answer.json();
    if (answer.ok) {
      sheet.elements.version.value = got.version;
      say(`Saved ${got.saved}`);
      decided.textContent = `${got.decided} of ${got.of} scored.`;
      left.textContent = got.left;
    } else if (got.theirs) {
      stopped = true;
      say("Saved in another window meanwhile. Press “Save the draft” to see both versions.");
    } else {
      say(Object.values(got.fields ?? {})[0] ?? got.message);
    }
  } catch {
    say("Not saved: no connection. What you wrote is still here.");
  } finally {
    sending = null;
    if (again) {
      again = false;
      save();
    }
  }
}
sheet.addEventListener("input", (event) => {
  if (!/^(comment_|edit_|target$)/.test(event.target.name)) changed();
});

// A submit waits for a save that is under way, so that the versions agree.
document.addEventListener(
  "submit",
  (event) => {
    if (event.target !== sheet) return;
    clearTimeout(timer);
    if (!sending) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    again = false;
    const by = event.submitter;
    sending.finally(() => setTimeout(() => sheet.requestSubmit(by), 0));
  },
  true,
);

// Comments are kept without leaving the page, so that the recording stays where
// it is; the focus goes back to the criterion.
sheet.addEventListener("submit", async (event) => {
  const deed = event.submitter?.value ?? "";
  if (stopped || !/^(comment|edit:|remove:)/.test(deed)) return;
  event.preventDefault();
  const body = new URLSearchParams(new FormData(sheet));
  body.set("do", deed);
  say("Saving");
  sending = fetch(sheet.action, { method: "POST", body });
  try {
    const answer = await sending;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const problem = page.querySelector(".summary li, .banner.warn strong");
    if (!answer.ok) {
      say(problem?.textContent ?? "This comment was not kept. Press “Save the draft” to see why.");
      return;
    }
    for (const part of ["#comments", ...turns.map((turn) => `#${turn.id}`)]) {
      const fresh = page.querySelector(part);
      if (part === "#comments") document.querySelector(part).replaceWith(fresh);
      else {
        for (const note of document.querySelectorAll(`${part} > .note`)) note.remove();
        document.querySelector(part).append(...fresh.querySelectorAll(":scope > .note"));
      }
    }
    document.dispatchEvent(new Event("stamps"));
    sheet.elements.version.value = page.querySelector("#sheet [name=version]").value;
    if (deed === "comment") comment.value = "";
    say(deed.startsWith("remove") ? "Comment removed" : "Comment saved");
    focusOn(current());
  } catch {
    say("Not saved: no connection. What you wrote is still here.");
  } finally {
    sending = null;
    if (again) {
      again = false;
      save();
    }
  }
});

// Leave the reader where the work is: on the open criterion, unless the address
// or a summary of problems says otherwise.
if (!location.hash && !document.querySelector("[data-focus]") && !typing(document.activeElement)) {
  goToLine(0);
  scrollTo(0, 0);
}
