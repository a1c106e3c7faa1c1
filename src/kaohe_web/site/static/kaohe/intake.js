// Figures by hand move like a spreadsheet; a running import tells how far it is.
"use strict";

const grid = document.querySelector("[data-grid]");
const cells = (row) => [...row.querySelectorAll("td")].slice(1).map((cell) => cell.querySelector("input"));
const rows = (table) => [...table.tBodies[0].rows].map(cells);

function placeOf(input) {
  const table = input.closest("table");
  const all = rows(table);
  const row = all.findIndex((found) => found.includes(input));
  return { all, row, column: all[row].indexOf(input) };
}

function move(input, down, right) {
  const { all, row, column } = placeOf(input);
  for (let r = row + down, c = column + right; all[r] && c >= 0 && c < all[r].length; r += down, c += right) {
    if (all[r][c]) {
      all[r][c].focus();
      all[r][c].select();
      return;
    }
  }
}

function paste(event) {
  const text = event.clipboardData.getData("text");
  if (!/[\t\n]/.test(text.trim())) return;
  event.preventDefault();
  const { all, row, column } = placeOf(event.target);
  text.replace(/\r?\n$/, "").split(/\r?\n/).forEach((line, down) => line.split("\t").forEach((cell, right) => {
    const input = all[row + down]?.[column + right];
    if (input) input.value = cell.trim();
  }));
  count();
}

function changed() {
  return [...grid.querySelectorAll("input[data-kept]")].filter((input) => input.value !== input.dataset.kept);
}

function count() {
  const told = grid.querySelector("[data-changes]");
  const number = changed().length;
  for (const input of grid.querySelectorAll("input[data-kept]")) input.classList.toggle("touched", input.value !== input.dataset.kept);
  if (told) told.textContent = number ? (document.documentElement.lang === "en" ? `${number} changed` : `改了${number}处`) : "";
}

if (grid) {
  const keys = { ArrowDown: [1, 0], Enter: [1, 0], ArrowUp: [-1, 0] };
  grid.addEventListener("keydown", (event) => {
    if (!event.target.matches("input[data-kept]")) return;
    const step = keys[event.key];
    if (step) {
      event.preventDefault();
      move(event.target, ...step);
    }
    const edge = event.key === "ArrowRight" ? event.target.selectionEnd === event.target.value.length && 1 : event.key === "ArrowLeft" ? event.target.selectionStart === 0 && -1 : 0;
    if (edge) move(event.target, 0, edge);
  });
  grid.addEventListener("paste", paste);
  grid.addEventListener("input", count);
}

async function poll() {
  const part = document.querySelector("[data-poll]");
  if (!part) return;
  const answer = await fetch(part.dataset.poll, { headers: { "X-Requested-With": "fetch" } });
  if (answer.ok) {
    const made = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(part.id);
    part.replaceWith(made);
    if (!made.dataset.poll) window.location.reload();
  }
  window.setTimeout(poll, 1000);
}
poll();
