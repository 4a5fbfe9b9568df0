// The switch for single-key shortcuts; without a script there are none to switch.
const section = document.querySelector("[data-shortcuts]");
const box = document.getElementById("shortcuts");
try {
  box.checked = localStorage.getItem("pitchside-shortcuts") !== "off";
  box.addEventListener("change", () => localStorage.setItem("pitchside-shortcuts", box.checked ? "on" : "off"));
  section.hidden = false;
} catch {
  // Without storage the choice could not be kept, so it is not offered.
}
