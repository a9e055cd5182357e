// Shows a page anew when a file of the newsroom was saved. Only the preview for editors has it.
"use strict";
const changes = new EventSource(document.currentScript.dataset.changes);
changes.addEventListener("message", () => location.reload());
