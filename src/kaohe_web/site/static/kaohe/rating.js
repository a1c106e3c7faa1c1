// The rating grid's hands: a key rates and moves down, every change is saved at once, a pasted column is shown before it is written.
"use strict";

const grid = document.querySelector("[data-grid]");
const one = document.querySelector("[data-one]");
const shut = grid.hasAttribute("data-shut");
const problems = document.querySelector("[data-problems]");
const rows = [...grid.querySelectorAll("[data-row]")];
const token = grid.querySelector("[name=csrfmiddlewaretoken]").value;
let current = Math.max(0, rows.findIndex((row) => row.classList.contains("on")));
let saving = Promise.resolve();

// --- what a row holds ---------------------------------------------------------------------------

function field(row, name) {
  return row.querySelector(`[name="${name}-${row.dataset.row}"]`);
}

function scoreOf(row) {
  const chosen = row.querySelector(".marks input:checked");
  const typed = row.querySelector("input.mark");
  return chosen ? chosen.value : typed ? typed.value.trim() : "";
}

function setScore(row, text) {
  const typed = row.querySelector("input.mark");
  if (typed) typed.value = text;
  for (const mark of row.querySelectorAll(".marks input")) mark.checked = mark.value === text;
}

function isGiven(row) {
  return !row.querySelector("[data-given]").hidden;
}

function ratingOf(row) {
  return { subject: row.dataset.row, score: scoreOf(row), comment: field(row, "comment")?.value ?? "", call: field(row, "call")?.value ?? "" };
}

// --- moving -------------------------------------------------------------------------------------

function go(place, focus = true) {
  if (place < 0 || place >= rows.length) return;
  current = place;
  for (const row of rows) row.classList.toggle("on", row === rows[place]);
  for (const panel of document.querySelectorAll("[data-evidence]")) panel.hidden = panel.dataset.evidence !== rows[place].dataset.row;
  if (focus) entry(rows[place])?.focus({ preventScroll: true });
  rows[place].scrollIntoView({ block: "nearest" });
}

function entry(row) {
  return row.querySelector("input.mark") ?? row.querySelector(".marks input:checked") ?? row.querySelector(".marks input");
}

function nextLeft() {
  const around = [...rows.keys()].map((place) => (current + 1 + place) % rows.length);
  return around.find((place) => !isGiven(rows[place]));
}

// --- saving -------------------------------------------------------------------------------------

const unsaved = new Set();

function save(changed) {
  for (const row of changed) unsaved.add(row);
  saving = saving.then(() => send(changed.map(ratingOf)).then((answer) => told(answer, changed), () => unheard(changed)));
  return saving;
}

function post(ratings, keepalive = false) {
  const headers = { "Content-Type": "application/json", "X-CSRFToken": token };
  return fetch(grid.dataset.save, { method: "POST", headers, body: JSON.stringify({ ratings }), keepalive });
}

// Whoever leaves while something is still on its way loses nothing: it is sent as the page goes.
window.addEventListener("pagehide", () => { if (unsaved.size) post([...unsaved].map(ratingOf), true); });

async function send(ratings) {
  const answer = await post(ratings);
  return { ok: answer.ok, ...(await answer.json()) };
}

function told(answer, changed) {
  tellProblems(answer.ok ? [] : answer.problems ?? []);
  for (const row of changed) unsaved.delete(row);
  if (!answer.ok) return lost(changed);
  for (const row of changed) mark(row, Boolean(answer.rows[row.dataset.row]?.text));
  tellProgress(answer);
}

function mark(row, given) {
  row.querySelector("[data-given]").hidden = !given;
  row.querySelector("[data-open]").hidden = given;
  const wrong = row.querySelector("[data-wrong]");
  if (wrong) wrong.hidden = true;
}

function lost(changed) {
  for (const row of changed) {
    const wrong = row.querySelector("[data-wrong]");
    if (!wrong) continue;
    wrong.hidden = false;
    row.querySelector("[data-given]").hidden = row.querySelector("[data-open]").hidden = true;
  }
}

function unheard(changed) {
  lost(changed);
  tellProblems([problems.dataset.unheard]);
}

function tellProblems(sentences) {
  problems.hidden = sentences.length === 0;
  problems.querySelector("span").textContent = sentences.join(" ");
}

function tellProgress(answer) {
  for (const place of document.querySelectorAll("[data-done]")) place.textContent = answer.done;
  document.querySelector("[data-progress]").value = answer.done;
  for (const { score, people } of answer.counts) {
    const place = document.querySelector(`[data-count="${score}"]`);
    if (place) place.textContent = people;
  }
  const state = document.querySelector("[data-state]");
  state.classList.toggle("wait", answer.left > 0);
  state.querySelector("[data-icon-left]").hidden = answer.left === 0;
  state.querySelector("[data-icon-all]").hidden = answer.left > 0;
  state.querySelector("[data-word]").textContent = answer.left ? state.dataset.left.replace("%", answer.left) : state.dataset.all;
  const saved = document.querySelector("[data-saved-word]");
  saved.textContent = saved.dataset.words.replace("%", answer.at);
  saved.closest("[data-saved]").hidden = false;
  const submit = document.querySelector("[data-submit]");
  if (submit) submit.disabled = answer.left > 0;
  const why = document.querySelector("[data-why]");
  if (why) why.textContent = answer.left ? why.dataset.whyLeft : why.dataset.whyAll;
}

// --- keys ---------------------------------------------------------------------------------------

function rateBy(key) {
  const chosen = rows[current].querySelector(`.marks input[data-key="${CSS.escape(key.toLowerCase())}"]`);
  if (!chosen) return false;
  chosen.checked = true;
  save([rows[current]]);
  go(current + 1);
  return true;
}

function onKey(event) {
  if (shut || event.ctrlKey || event.metaKey || event.altKey) return;
  const inComment = event.target.matches("input.comment, input.call");
  const moves = { ArrowDown: current + 1, ArrowUp: current - 1 };
  if (event.key in moves) return stop(event, () => go(moves[event.key]));
  if (event.key === "Enter") return stop(event, () => { event.target.blur(); go(nextLeft() ?? current + 1); });
  if (inComment) return;
  if (event.target.matches(".marks input") && (event.key === "ArrowLeft" || event.key === "ArrowRight")) return stop(event, () => aside(event));
  const typing = event.target.matches("input.mark");
  if (event.key === "Delete" || (event.key === "Backspace" && !typing)) return stop(event, clear);
  if (!typing && event.key.length === 1 && rateBy(event.key)) event.preventDefault();
}

function stop(event, run) {
  event.preventDefault();
  run();
}

function aside(event) {
  const marks = [...rows[current].querySelectorAll(".marks input")];
  const place = marks.findIndex((mark) => mark.checked);
  const step = event.key === "ArrowRight" ? 1 : -1;
  const next = marks[place < 0 ? (step > 0 ? 0 : marks.length - 1) : place + step];
  if (!next) return;
  next.checked = true;
  next.focus();
  save([rows[current]]);
}

function clear() {
  setScore(rows[current], "");
  save([rows[current]]);
}

// --- a pasted column ----------------------------------------------------------------------------

const dialog = document.querySelector("[data-paste]");
let pasted = [];

function readColumn(text) {
  const lines = text.replace(/\r/g, "").replace(/\n+$/, "").split("\n").map((line) => line.split("\t").map((cell) => cell.trim()));
  const named = lines.every((cells) => cells.length > 1);
  return lines.map((cells, place) => ({ row: named ? whose(cells[0]) : rows[current + place], who: named ? cells[0] : "", text: named ? cells[cells.length - 1] : cells[0] }));
}

function whose(word) {
  const byNumber = rows.find((row) => row.dataset.row === word);
  const named = rows.filter((row) => row.dataset.name === word);
  return byNumber ?? (named.length === 1 ? named[0] : undefined);
}

function readScore(row, text) {
  const plain = text.replace(/[０-９．]/g, (one) => (one === "．" ? "." : String.fromCharCode(one.charCodeAt(0) - 0xfee0)));
  const marks = [...row.querySelectorAll(".marks input")];
  if (!marks.length) return /^\d+(\.\d+)?$/.test(plain) ? plain : undefined;
  const same = marks.find((mark) => mark.value === plain || mark.nextElementSibling.textContent === plain || sameNumber(mark.value, plain));
  return same?.value;
}

function sameNumber(one, other) {
  const trim = (text) => text.replace(/^0+(?=\d)/, "").replace(/(\.\d*?)0+$/, "$1").replace(/\.$/, "");
  return /^\d*\.?\d+$/.test(other) && trim(one) === trim(other.startsWith(".") ? `0${other}` : other);
}

function judge({ row, text }) {
  if (!row) return ["bad", dialog.dataset.readWho];
  if (!text) return ["none", dialog.dataset.readNone];
  const read = readScore(row, text);
  if (read === undefined) return ["bad", dialog.dataset.readBad];
  return read === scoreOf(row) && isGiven(row) ? ["same", dialog.dataset.readSame] : ["ok", `${dialog.dataset.readOk} ${read}`, read];
}

function preview(text) {
  pasted = text.trim() ? readColumn(text).map((line) => ({ ...line, verdict: judge(line) })) : [];
  dialog.querySelector("[data-paste-rows]").replaceChildren(...pasted.map(previewRow));
  const good = pasted.filter((line) => line.verdict[0] === "ok").length;
  const bad = pasted.filter((line) => line.verdict[0] === "bad").length;
  const words = [dialog.dataset.countOk.replace("%", good), ...(bad ? [dialog.dataset.countBad.replace("%", bad)] : [])];
  dialog.querySelector("[data-paste-told]").textContent = pasted.length ? words.join(" · ") : "";
  dialog.querySelector("[data-paste-apply]").disabled = good === 0;
}

function previewRow(line) {
  const row = document.createElement("tr");
  const cells = [line.row?.dataset.name ?? line.who ?? "", line.row ? scoreOf(line.row) : "", line.text, line.verdict[1]];
  const kinds = ["", "num", "num", { bad: "word bad", same: "quiet", none: "quiet", ok: "bold" }[line.verdict[0]]];
  row.append(...cells.map((text, place) => Object.assign(document.createElement("td"), { textContent: text, className: kinds[place] })));
  return row;
}

function openPaste(text) {
  dialog.querySelector("[data-paste-text]").value = text;
  preview(text);
  dialog.showModal();
}

function applyPaste() {
  const changed = pasted.filter((line) => line.verdict[0] === "ok");
  for (const line of changed) setScore(line.row, line.verdict[2]);
  dialog.close();
  save(changed.map((line) => line.row));
}

function onPaste(event) {
  const text = event.clipboardData.getData("text/plain");
  const single = !text.trim().includes("\n") && !text.includes("\t");
  if (event.target.closest("dialog") || (single && event.target.matches("input.comment, input.call, input.mark"))) return;
  if (event.target.matches("input.comment")) return;
  event.preventDefault();
  openPaste(text);
}

// --- one person on a phone ----------------------------------------------------------------------

async function saveOne() {
  const subject = one.dataset.subject;
  const data = new FormData(one);
  const rating = { subject, score: data.get(`score-${subject}`) ?? "", comment: data.get(`comment-${subject}`) ?? "", call: data.get(`call-${subject}`) ?? "" };
  const answer = await send([rating]).catch(() => ({ ok: false, problems: [problems.dataset.unheard] }));
  tellProblems(answer.ok ? [] : answer.problems ?? []);
  if (!answer.ok) return;
  mark(one, Boolean(rating.score));
  tellProgress(answer);
}

// --- all together -------------------------------------------------------------------------------

if (!shut) {
  document.addEventListener("keydown", (event) => {
    if (event.target.closest("dialog") || event.target.matches("select, textarea, button, a, [type=search]")) return;
    onKey(event);
  });
  document.addEventListener("paste", (event) => { if (!event.target.closest?.("[data-one]")) onPaste(event); });
  grid.addEventListener("change", (event) => {
    const row = event.target.closest("[data-row]");
    if (row && (scoreOf(row) || isGiven(row))) save([row]);
  });
  grid.addEventListener("submit", (event) => event.preventDefault());
  one.addEventListener("change", saveOne);
  document.querySelector("[data-paste-open]").hidden = false;
  document.querySelector("[data-paste-open]").addEventListener("click", () => openPaste(""));
  dialog.querySelector("[data-paste-text]").addEventListener("input", (event) => preview(event.target.value));
  dialog.querySelector("[data-paste-apply]").addEventListener("click", applyPaste);
}
const jump = document.querySelector("[data-next-left]");
jump.hidden = shut;
jump.addEventListener("click", () => go(nextLeft() ?? current));
grid.addEventListener("focusin", (event) => {
  const place = rows.indexOf(event.target.closest("[data-row]"));
  if (place >= 0 && place !== current) go(place, false);
});
grid.addEventListener("click", (event) => {
  const place = rows.indexOf(event.target.closest("[data-row]"));
  if (place >= 0 && !event.target.closest("input, label")) go(place);
});
if (matchMedia("(min-width: 761px)").matches && rows.length) go(current);
