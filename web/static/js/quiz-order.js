// Items to put in order: up and down buttons in place of the selects, which
// stay in the form and carry the places.
export function orderable(root) {
  for (const list of root.querySelectorAll("[data-order]")) {
    const rows = () => [...list.children];
    const select = (row) => row.querySelector("select");
    const given = rows().every((row) => select(row).value);
    if (given) list.append(...rows().sort((a, b) => select(a).value - select(b).value));
    const number = () => {
      rows().forEach((row, i) => {
        select(row).value = String(i + 1);
        row.querySelector("[data-up]").disabled = i === 0;
        row.querySelector("[data-down]").disabled = i === rows().length - 1;
      });
    };
    for (const row of rows()) {
      select(row).hidden = true;
      const name = row.querySelector("label").textContent.trim();
      row.querySelector("label").removeAttribute("for");
      for (const [way, words, path] of [["up", "up", "m6 14.5 6-6 6 6"], ["down", "down", "m6 9.5 6 6 6-6"]]) {
        const button = document.createElement("button");
        button.type = "button";
        button.className = "button small icon-only";
        button.dataset[way] = "";
        button.setAttribute("aria-label", `Move ${words}: ${name}`);
        button.innerHTML = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${path}"/></svg>`;
        button.addEventListener("click", () => {
          if (way === "up" && row.previousElementSibling) row.previousElementSibling.before(row);
          if (way === "down" && row.nextElementSibling) row.nextElementSibling.after(row);
          number();
          (button.disabled ? row.querySelector("button:not(:disabled)") : button).focus();
          select(row).dispatchEvent(new Event("change", { bubbles: true }));
        });
        row.querySelector(".push").append(button);
      }
    }
    rows().forEach((row, i) => {
      row.querySelector("[data-up]").disabled = i === 0;
      row.querySelector("[data-down]").disabled = i === rows().length - 1;
    });
  }
}
