// In a text conversation a number says the line beside it, and the newest words
// are in view.
import { shortcut } from "./shortcuts.js";

const form = document.querySelector("[data-choices]");
if (form) {
  const choices = [...form.querySelectorAll("button[name=choice]")];
  shortcut((event) => {
    const choice = choices[Number(event.key) - 1];
    if (choice) choice.click();
  });
}
