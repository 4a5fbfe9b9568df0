// Enter opens the oldest attempt when nothing else has the focus.
import { shortcut } from "./shortcuts.js";

const first = document.querySelector("[data-first]");
if (first) {
  shortcut((event) => {
    if (event.key === "Enter" && document.activeElement === document.body) first.click();
  });
}
