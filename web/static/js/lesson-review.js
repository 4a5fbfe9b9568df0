// Review by keyboard: space or Enter shows the answer, 1 to 3 rate it, u takes
// the last rating back.
const reveal = document.querySelector("[data-reveal]");
const rate = document.querySelector("[data-rate]");
const undo = document.querySelector("[data-undo]");
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select, button, a")) return;
  if (reveal && event.key === " ") {
    event.preventDefault();
    reveal.click();
  }
  const button = rate && rate.querySelectorAll("button")[Number(event.key) - 1];
  if (button) button.click();
  if (undo && event.key === "u") undo.click();
});
