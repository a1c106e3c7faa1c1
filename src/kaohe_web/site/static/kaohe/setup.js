// The sums of a round's choices while they are typed, exact: decimals as whole numbers of one scale.
"use strict";

function parse(text) {
  const found = /^\s*(-?)(\d*)(?:\.(\d+))?\s*(%?)\s*$/.exec(text);
  if (!found || !(found[2] || found[3])) return null;
  const [, sign, whole, part = "", share] = found;
  const scale = part.length + (share ? 2 : 0);
  const value = BigInt(whole + part || "0");
  return { value: sign ? -value : value, scale };
}

function add(one, other) {
  const scale = Math.max(one.scale, other.scale);
  const grow = (number) => number.value * 10n ** BigInt(scale - number.scale);
  return { value: grow(one) + grow(other), scale };
}

function write(number) {
  const digits = String(number.value < 0n ? -number.value : number.value).padStart(number.scale + 1, "0");
  const whole = digits.slice(0, digits.length - number.scale);
  const part = digits.slice(digits.length - number.scale).replace(/0+$/, "");
  return (number.value < 0n ? "\u2212" : "") + whole + (part ? `.${part}` : "");
}

function total(key) {
  let sum = { value: 0n, scale: 0 };
  for (const input of document.querySelectorAll(`[data-in~="${key}"]`)) {
    const number = parse(input.value || input.placeholder || "0");
    if (!number) return null;
    sum = add(sum, number);
  }
  return sum;
}

function show() {
  for (const shown of document.querySelectorAll("[data-total]")) {
    const sum = total(shown.dataset.total);
    const wanted = shown.dataset.want ? parse(shown.dataset.want) : null;
    shown.textContent = sum ? write(sum) : "–";
    shown.classList.toggle("off", Boolean(shown.dataset.want) && (!sum || !wanted || write(sum) !== write(wanted)));
  }
}

show();
document.addEventListener("input", (event) => {
  if (event.target.matches("[data-in]")) show();
});
