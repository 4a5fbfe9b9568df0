// A worksheet that saves itself, field by field, a moment after the last key.
// Without this module the page is a form with a button that saves.
const form = document.querySelector("[data-worksheet]");
const saved = document.getElementById("saved");
const filled = document.getElementById("filled");
const dirty = new Set();
let timer = 0;
let sending = null;
let stopped = false;

function say(words) {
  saved.textContent = words;
}

form.addEventListener("input", (event) => {
  if (event.target.tagName !== "TEXTAREA") return;
  dirty.add(event.target.name);
  clearTimeout(timer);
  timer = setTimeout(save, 900);
});

async function save() {
  if (stopped || sending || !dirty.size) return;
  say("Saving");
  const names = [...dirty];
  dirty.clear();
  const body = new URLSearchParams();
  for (const name of names) {
    body.set(name, form.elements[name].value);
    body.set(`seen_${name}`, form.elements[`seen_${name}`].value);
  }
  sending = fetch(form.action, { method: "POST", body, headers: { Accept: "application/json" } });
  try {
    const answer = await sending;
    const got = await answer.json();
    if (answer.ok) {
      for (const [name, version] of Object.entries(got.seen)) form.elements[`seen_${name}`].value = version;
      say(`Saved ${got.saved}`);
      filled.textContent = got.filled;
    } else if (answer.status === 409 && got.fields) {
      stopped = true;
      say("Saved in another window meanwhile. Press “Save the draft” to see both.");
    } else {
      for (const name of names) dirty.add(name);
      say(Object.values(got.fields ?? {})[0] ?? got.message);
    }
  } catch {
    for (const name of names) dirty.add(name);
    say("Not saved: no connection. What you wrote is still here.");
  } finally {
    sending = null;
    if (dirty.size && !stopped) timer = setTimeout(save, 4000);
  }
}

// A submit waits for a save that is under way, so that the versions agree.
form.addEventListener("submit", (event) => {
  clearTimeout(timer);
  if (!sending) {
    dirty.clear();
    return;
  }
  event.preventDefault();
  const by = event.submitter;
  sending.finally(() => setTimeout(() => form.requestSubmit(by), 0));
});

addEventListener("beforeunload", (event) => {
  if (dirty.size) event.preventDefault();
});
