// Single keys act only while nobody types, and never when they are switched off.
const off = () => {
  try {
    return localStorage.getItem("pitchside-shortcuts") === "off";
  } catch {
    return false;
  }
};

export const typing = (target) => target.closest("input:not([type=radio]):not([type=checkbox]), textarea, select, [contenteditable]");

export function shortcut(act) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target) || off()) return;
    act(event);
  });
}
