// Enter releases when nothing else has the focus; Escape goes back to the sheet.
import { shortcut } from "./shortcuts.js";

const release = document.querySelector("[data-release]");
const back = document.querySelector("[data-back]");
shortcut((event) => {
  if (event.key === "Enter" && release && document.activeElement === document.body) release.click();
  if (event.key === "Escape" && back) back.click();
});
