// A scorecard's rows: a click anywhere on an item opens it; an item named in the address is open at once.
"use strict";

document.addEventListener("click", (event) => {
  const row = event.target.closest("tr.item");
  if (row && !event.target.closest("a, button")) row.querySelector("[data-opens]")?.click();
});

const named = document.getElementById(location.hash.slice(1));
if (named?.matches("tr.opened[hidden]")) document.querySelector(`[aria-controls="${CSS.escape(named.id)}"]`)?.click();
