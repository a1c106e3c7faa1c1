// What a page does beside its forms: open and close, remember, ask before what cannot be undone.
"use strict";

function toggle(button) {
  const target = document.getElementById(button.dataset.toggle);
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  target.classList.toggle("open", open);
}

function showRow(button) {
  const row = document.getElementById(button.getAttribute("aria-controls"));
  const open = button.getAttribute("aria-expanded") !== "true";
  button.setAttribute("aria-expanded", String(open));
  row.hidden = !open;
  button.closest("tr")?.classList.toggle("on", open);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-toggle]");
  if (button) toggle(button);
  const opener = event.target.closest("[data-opens]");
  if (opener) showRow(opener);
  const tab = event.target.closest("[data-tab]");
  if (tab) showTab(tab);
  if (event.target.closest("[data-print]")) window.print();
});

function showTab(tab) {
  const box = tab.closest("[data-tabs]");
  for (const other of box.querySelectorAll("[data-tab]")) other.setAttribute("aria-selected", String(other === tab));
  for (const row of box.querySelectorAll("[data-kind]")) row.hidden = tab.dataset.tab !== "all" && row.dataset.kind !== tab.dataset.tab;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
});

document.addEventListener("submit", (event) => {
  for (const button of event.target.querySelectorAll("button[data-once]")) button.setAttribute("aria-busy", "true");
});
