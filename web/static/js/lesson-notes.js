// Notes beside a lesson: a mark at each paragraph opens a note that saves
// itself. Without this module the page of notes does the same with forms.
const article = document.querySelector("[data-lesson]");
const address = article.dataset.lesson + "/notes";
const section = () => article.querySelector("[data-notes]");
const paragraphs = [...article.querySelector("form.prose").children].filter((element) => /^p-\d+$/.test(element.id));

const icon = (path) => `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
const signs = { note: "M5 4h14v10l-5 5H5zM14 19v-5h5", bookmark: "M7 4h10v16l-5-4-5 4z" };

const dialog = document.createElement("dialog");
dialog.className = "dialog";
dialog.setAttribute("aria-labelledby", "toc-note-title");
dialog.innerHTML = `<header><h2 id="toc-note-title">Your note</h2></header>
  <div class="body"><blockquote class="said s" hidden></blockquote>
  <div class="banner warn" hidden><div><strong>Changed in another window</strong><p class="kept-lines"></p><p class="cluster"><button class="button small" type="button" data-mine>Keep mine</button> <button class="button small" type="button" data-theirs>Take theirs</button></p></div></div>
  <div class="field wide"><label for="toc-note-text">Only you read it</label><textarea class="input" id="toc-note-text" rows="6" maxlength="10000"></textarea></div>
  <label class="choice"><input type="checkbox"> <span>Bookmark this place</span></label></div>
  <footer><p class="small muted" role="status"></p><button class="button filled" type="button" data-close>Done</button></footer>`;
document.body.append(dialog);
const [quote, clash, text, box, state] = ["blockquote", ".banner", "textarea", "input[type=checkbox]", "[role=status]"].map((s) => dialog.querySelector(s));

let note = null; // the one that is open: { id, paragraph, on }
let sent = "";
let timer = 0;
let saving = Promise.resolve();
const typed = () => JSON.stringify([text.value.trim(), box.checked]);

function open(paragraph, item) {
  note = { id: item?.dataset.note || "", paragraph, on: item?.dataset.version || "0" };
  text.value = item?.querySelector("[data-text]")?.textContent || "";
  box.checked = item ? item.hasAttribute("data-bookmarked") : false;
  const words = item?.dataset.quote ?? document.getElementById(paragraph)?.innerText ?? "";
  quote.hidden = !words;
  quote.textContent = words.length > 200 ? words.slice(0, 200) + "…" : words;
  clash.hidden = true;
  state.textContent = "";
  sent = typed();
  dialog.showModal();
  text.focus();
}

async function save(open) {
  clearTimeout(timer);
  const now = typed();
  if (now === sent || !clash.hidden) return;
  const body = new URLSearchParams({ id: open.id, paragraph: open.paragraph, on: open.on, text: text.value });
  if (box.checked) body.set("bookmarked", "yes");
  try {
    const answer = await fetch(address, { method: "POST", headers: { Accept: "application/json" }, body, keepalive: body.toString().length < 60000, signal: AbortSignal.timeout(8000) });
    if (answer.status !== 200 && answer.status !== 409) throw new Error(answer.status);
    const kept = await answer.json();
    if (answer.status === 409) {
      clash.hidden = false;
      clash.querySelector(".kept-lines").textContent = kept.text || "No words, only a bookmark.";
      clash.kept = kept;
      return;
    }
    open.id = kept.id || "";
    open.on = kept.version || "0";
    sent = now;
    state.textContent = "Saved";
  } catch {
    state.textContent = "Not saved yet. It is tried again.";
    timer = setTimeout(queue, 4000);
  }
}
const queue = () => (saving = saving.then(() => save(note)));
const later = () => {
  state.textContent = "";
  clearTimeout(timer);
  timer = setTimeout(queue, 800);
};
text.addEventListener("input", later);
box.addEventListener("change", later);

function settle(mine) {
  const kept = clash.kept;
  note.id = kept.id || "";
  note.on = kept.version || "0";
  if (!mine) {
    text.value = kept.text;
    box.checked = kept.bookmarked;
    sent = typed();
  }
  clash.hidden = true;
  text.focus();
  if (mine) queue();
}
dialog.querySelector("[data-mine]").addEventListener("click", () => settle(true));
dialog.querySelector("[data-theirs]").addEventListener("click", () => settle(false));

// Nothing that is not saved is left behind: the window stays open until it is.
async function close() {
  await queue();
  if (typed() === sent) dialog.close();
}
dialog.querySelector("[data-close]").addEventListener("click", close);
dialog.addEventListener("cancel", (event) => {
  event.preventDefault();
  close();
});
document.addEventListener("visibilitychange", () => {
  if (document.visibilityState === "hidden" && dialog.open) queue();
});
dialog.addEventListener("close", async () => {
  try {
    const answer = await fetch(address, { headers: { "X-Part": "notes" } });
    if (!answer.ok) return;
    const holder = document.createElement("div");
    holder.innerHTML = await answer.text();
    section().replaceWith(holder.firstElementChild);
    show();
    document.getElementById(note.paragraph)?.querySelector(".note-mark")?.focus();
  } catch {
    // The list is as it was; the next view of the lesson has it.
  }
});

// The paragraph whose top has passed the upper third of the window.
const reached = () => {
  let here = "";
  for (const p of paragraphs) {
    if (p.getBoundingClientRect().top > innerHeight / 3) break;
    here = p.id;
  }
  return here || paragraphs[0]?.id || "";
};

function show() {
  const items = [...section().querySelectorAll("[data-note]")];
  for (const p of paragraphs) {
    const item = items.find((i) => i.dataset.at === p.id);
    let mark = p.querySelector(":scope > .note-mark");
    if (!mark) {
      if (!/^(P|BLOCKQUOTE|DIV|SECTION|ASIDE)$/.test(p.tagName)) continue;
      mark = document.createElement("button");
      mark.type = "button";
      mark.addEventListener("click", () => open(p.id, section().querySelector(`[data-at="${p.id}"]`)));
      p.classList.add("markable");
      p.append(mark);
    }
    mark.className = item ? "note-mark has" : "note-mark";
    mark.tabIndex = item ? 0 : -1;
    mark.setAttribute("aria-label", item ? "Your note on this paragraph" : "Write a note on this paragraph");
    mark.innerHTML = icon(item?.hasAttribute("data-bookmarked") ? signs.bookmark : signs.note);
  }
  for (const item of items) {
    item.querySelector("[data-edit]").addEventListener("click", (event) => {
      event.preventDefault();
      open(item.dataset.at, item);
    });
  }
  section().querySelector("[data-add]").addEventListener("click", (event) => {
    event.preventDefault();
    const at = reached();
    open(at, items.find((i) => i.dataset.at === at));
  });
}
show();

// What others asked is looked up when its place comes near; the link is there before.
const discussion = document.querySelector("[data-discussion]");
new IntersectionObserver(async ([entry], observer) => {
  if (!entry.isIntersecting) return;
  observer.disconnect();
  const answer = await fetch(article.dataset.lesson + "/discussion", { headers: { "X-Part": "glance" } }).catch(() => null);
  if (!answer?.ok) return;
  const holder = document.createElement("div");
  holder.innerHTML = await answer.text();
  discussion.replaceWith(holder.firstElementChild);
}, { rootMargin: "400px" }).observe(discussion);
