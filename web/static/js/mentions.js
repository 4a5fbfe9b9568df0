// Offers colleagues while a name is typed after an @. Without this module a name
// that is typed in full does the same.
let list = null;
let area = null;
let at = 0; // where the name begins
let asked = 0;

const close = () => {
  list?.remove();
  area?.removeAttribute("aria-controls");
  area?.removeAttribute("aria-activedescendant");
  list = null;
};

function choose(option) {
  const rest = area.value.slice(area.selectionStart);
  const name = option.dataset.name + (rest.startsWith(" ") ? "" : " ");
  area.value = area.value.slice(0, at) + name + rest;
  area.selectionStart = area.selectionEnd = at + name.length;
  close();
  area.focus();
}

function select(by) {
  const options = [...list.children];
  const now = options.findIndex((o) => o.getAttribute("aria-selected") === "true");
  const next = options[(now + by + options.length) % options.length];
  for (const o of options) o.setAttribute("aria-selected", String(o === next));
  area.setAttribute("aria-activedescendant", next.id);
}

function offer(items) {
  close();
  if (!items.length) return;
  list = document.createElement("ul");
  list.className = "mention-list";
  list.id = "mention-list";
  list.setAttribute("role", "listbox");
  list.setAttribute("aria-label", "Colleagues");
  for (const [i, one] of items.entries()) {
    const option = document.createElement("li");
    option.id = `mention-${i}`;
    option.setAttribute("role", "option");
    option.dataset.name = one.name;
    option.textContent = one.name + " ";
    const role = document.createElement("span");
    role.textContent = one.role;
    option.append(role);
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(option);
    });
    list.append(option);
  }
  area.after(list);
  area.setAttribute("aria-controls", list.id);
  select(1);
}

async function look() {
  const before = area.value.slice(0, area.selectionStart);
  const found = before.match(/(?:^|[^\p{L}\p{N}])@([\p{L}][\p{L}\p{N}’'. -]{0,40})$/u);
  const mine = ++asked;
  if (!found) return close();
  at = before.length - found[1].length;
  try {
    const answer = await fetch("/colleagues?text=" + encodeURIComponent(found[1]), { signal: AbortSignal.timeout(4000) });
    if (answer.ok && mine === asked) offer((await answer.json()).items);
  } catch {
    close(); // the name can be typed in full
  }
}

for (const one of document.querySelectorAll("[data-mentions]")) {
  one.setAttribute("aria-autocomplete", "list");
  one.addEventListener("input", () => {
    area = one;
    look();
  });
  one.addEventListener("blur", close);
  one.addEventListener("keydown", (event) => {
    if (!list) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") select(event.key === "ArrowDown" ? 1 : -1);
    else if (event.key === "Enter" || event.key === "Tab") choose(list.querySelector("[aria-selected=true]"));
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
}
