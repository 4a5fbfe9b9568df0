// What every page gets: focus on a summary of problems, one submit per form,
// the global shortcuts, and the menu closing when focus leaves it.
const summary = document.querySelector("[data-focus]");
if (summary) summary.focus();

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.defaultPrevented) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "yes";
  setTimeout(() => delete form.dataset.sent, 4000);
});
window.addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});

const menu = document.querySelector("details.account-menu");
if (menu) {
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

const shortcutsOff = () => {
  try {
    return localStorage.getItem("pitchside-shortcuts") === "off";
  } catch {
    return false;
  }
};
const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");
const places = { t: "/today", l: "/learn", p: "/practice", c: "/coaching" };
// The field of the search page comes before the one in the masthead.
const toSearch = (event) => {
  const fields = [...document.querySelectorAll("main [data-search], .masthead [data-search]")].filter((field) => field.offsetParent);
  const field = fields.find((one) => one.closest("main")) || fields[0];
  if (!field && !document.querySelector('a[href="/search"]')) return;
  event.preventDefault();
  if (!field) location.href = "/search";
  else {
    field.focus();
    field.select();
  }
};
let afterG = 0;
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || shortcutsOff()) return;
  if (event.key === "?") location.href = "/help#shortcuts";
  else if (event.key === "/" && !event.defaultPrevented) toSearch(event);
  else if (event.key === "g") afterG = Date.now();
  else if (places[event.key] && Date.now() - afterG < 1500) {
    const link = document.querySelector(`.nav a[href^="${places[event.key]}"]`) ||
      (event.key === "p" && document.querySelector('.nav a[href="/score"]'));
    if (link) link.click();
  }
});
