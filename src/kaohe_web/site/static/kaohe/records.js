// Recording an event: only the columns of the chosen kind are asked.
"use strict";

const form = document.querySelector("[data-record]");

function askOnly(kind) {
  for (const fields of form.querySelectorAll("[data-fields]")) {
    fields.hidden = fields.dataset.fields !== kind;
    fields.disabled = fields.hidden;
  }
}

if (form) {
  const kind = form.querySelector("[data-kind]");
  kind.addEventListener("change", () => askOnly(kind.value));
  askOnly(kind.value);
}
