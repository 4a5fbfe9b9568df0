// Fills in the time zone that the browser knows, where a form asks for it.
for (const input of document.querySelectorAll("[data-time-zone]")) {
  if (!input.value) input.value = Intl.DateTimeFormat().resolvedOptions().timeZone || "";
}
