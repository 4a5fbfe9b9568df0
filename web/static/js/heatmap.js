// Makes the heatmap one tab stop with arrow keys between its cells, after the
// grid pattern of the ARIA Authoring Practices. Without this module every cell
// is a link in the tab order, and everything works.
const table = document.querySelector("[data-heatmap]");
if (table) {
  const rows = [...table.tBodies[0].rows].map((row) => [...row.querySelectorAll("a")]);
  table.setAttribute("role", "grid");
  for (const row of table.rows) row.setAttribute("role", "row");
  for (const td of table.querySelectorAll("tbody td, tfoot td")) td.setAttribute("role", "gridcell");
  for (const th of table.querySelectorAll("tbody th, tfoot th")) th.setAttribute("role", "rowheader");
  for (const th of table.querySelectorAll("thead th")) th.setAttribute("role", "columnheader");
  table.querySelector("[data-keys]").hidden = false;
  for (const link of rows.flat()) link.tabIndex = -1;

  const marked = location.hash && document.querySelector(location.hash + " td a");
  let [y, x] = place(marked) ?? [0, Math.min(1, rows[0].length - 1)];
  rows[y][x].tabIndex = 0;

  function place(link) {
    for (const [i, row] of rows.entries()) {
      const k = row.indexOf(link);
      if (k >= 0) return [i, k];
    }
    return null;
  }

  function go(toY, toX) {
    rows[y][x].tabIndex = -1;
    y = Math.max(0, Math.min(rows.length - 1, toY));
    x = Math.max(0, Math.min(rows[y].length - 1, toX));
    rows[y][x].tabIndex = 0;
    rows[y][x].focus();
  }

  table.addEventListener("focusin", (event) => {
    const at = place(event.target);
    if (!at) return;
    rows[y][x].tabIndex = -1;
    [y, x] = at;
    rows[y][x].tabIndex = 0;
  });

  table.addEventListener("keydown", (event) => {
    if (event.altKey || event.metaKey || !place(event.target)) return;
    const end = rows[y].length - 1;
    const moves = {
      ArrowUp: [y - 1, x],
      ArrowDown: [y + 1, x],
      ArrowLeft: [y, x - 1],
      ArrowRight: [y, x + 1],
      Home: event.ctrlKey ? [0, 0] : [y, 0],
      End: event.ctrlKey ? [rows.length - 1, end] : [y, end],
      PageUp: [y - 5, x],
      PageDown: [y + 5, x],
    };
    const to = moves[event.key];
    if (!to || (event.ctrlKey && !["Home", "End"].includes(event.key))) return;
    event.preventDefault();
    go(...to);
  });
}

const print = document.querySelector("[data-print]");
if (print) {
  print.hidden = false;
  print.addEventListener("click", () => window.print());
}
