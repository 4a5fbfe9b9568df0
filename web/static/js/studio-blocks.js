// Blocks for the editor: from the buttons of the list, or from a menu that the
// slash key opens at the start of a line.
const own = (text, all) => {
  const taken = new Set(all.match(/\b(?:[qf]-)?new-[a-z0-9-]+/g));
  let n = 1;
  const free = (stem) => {
    while (taken.has(`${stem}-${n}`)) n++;
    return `${stem}-${n}`;
  };
  return text
    .replace(/#([qf]-new)\b/g, (_, stem) => `#${free(stem)}`)
    .replace(/\bid: (new-[a-z]+)/g, (_, stem) => `id: ${free(stem)}`);
};

export function insert(source, text) {
  const before = source.value.slice(0, source.selectionStart);
  const lead = before === "" || before.endsWith("\n") ? "" : "\n";
  source.focus();
  const block = lead + own(text, source.value);
  // execCommand keeps the browser's own undo; setRangeText is for where it is gone.
  if (!document.execCommand?.("insertText", false, block)) {
    source.setRangeText(block, source.selectionStart, source.selectionEnd, "end");
    source.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

export function blockMenu(source) {
  const blocks = [...document.querySelectorAll("[data-snippet]")];
  if (!blocks.length) return;
  const textOf = (block) => block.querySelector("pre").textContent;
  for (const block of blocks) block.querySelector("[data-insert]").addEventListener("click", () => insert(source, textOf(block)));

  const menu = document.createElement("ul");
  menu.className = "blocks";
  menu.id = "block-menu";
  menu.hidden = true;
  menu.setAttribute("role", "listbox");
  menu.setAttribute("aria-label", "Insert a block");
  blocks.forEach((block, i) => {
    const option = document.createElement("li");
    option.id = `block-${i}`;
    option.setAttribute("role", "option");
    option.append(block.querySelector("summary .icon").cloneNode(true), ` ${block.dataset.snippet}`);
    option.addEventListener("mousedown", (event) => {
      event.preventDefault();
      choose(i);
    });
    menu.append(option);
  });
  source.parentElement.append(menu);

  let at = 0;
  const point = (i) => {
    at = (i + blocks.length) % blocks.length;
    [...menu.children].forEach((o, n) => o.setAttribute("aria-selected", String(n === at)));
    source.setAttribute("aria-activedescendant", `block-${at}`);
    menu.children[at].scrollIntoView({ block: "nearest" });
  };
  const close = () => {
    menu.hidden = true;
    source.removeAttribute("aria-activedescendant");
    source.removeAttribute("aria-controls");
  };
  const choose = (i) => {
    close();
    insert(source, textOf(blocks[i]));
  };
  // What is typed comes as beforeinput, from the keyboards of phones too.
  source.addEventListener("beforeinput", (event) => {
    if (event.inputType !== "insertText" || event.data === null) return;
    const start = source.selectionStart;
    if (!menu.hidden) {
      close();
      source.setRangeText("/", start, source.selectionEnd, "end"); // it was meant as a slash
      source.dispatchEvent(new Event("input", { bubbles: true }));
      if (event.data === "/") event.preventDefault();
    } else if (event.data === "/" && start === source.selectionEnd && (start === 0 || source.value[start - 1] === "\n")) {
      event.preventDefault();
      menu.hidden = false;
      source.setAttribute("aria-controls", menu.id);
      point(0);
    }
  });
  source.addEventListener("keydown", (event) => {
    if (menu.hidden || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") point(at + 1);
    else if (event.key === "ArrowUp") point(at - 1);
    else if (event.key === "Enter" || event.key === "Tab") choose(at);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });
  source.addEventListener("blur", close);
}
