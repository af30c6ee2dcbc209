// What was typed into `form[data-typed]` outlives the session: it is kept in this tab for the person whose id the page
// carries, offered again when the form is opened, and gone when the letter was entered, when it is thrown away, when the
// person signs out or another signs in. What is classified is never kept.
const PREFIX = "typed:";
const { person } = document.body.dataset;
const MINE = `${PREFIX}${person}:`;
const thai = (date) => `${date.toLocaleTimeString("th-TH-u-nu-thai", { hour: "2-digit", minute: "2-digit", timeZone: "Asia/Bangkok" }).replace(":", ".")} น.`;

const fields = (form) => [...form.elements].filter((one) => one.matches('input[type="text"], input:not([type]), input[type="radio"], textarea, select'));
const read = (form) => fields(form).map((one) => (one.type === "radio" ? one.checked : one.value));
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const secret = (form) => { const field = form.elements.namedItem("secrecy"); return Boolean(field) && field.value !== "open"; };

function forget(keep) {
  for (const key of Object.keys(sessionStorage)) if (key.startsWith(PREFIX) && !(keep && key.startsWith(keep))) sessionStorage.removeItem(key);
}

/** A bar before `place` that offers what was kept. kept: has at, and files: how many have to be chosen again. */
export function offer(place, kept, put, drop) {
  const bar = document.createElement("div");
  bar.className = "flash flash--act";
  bar.setAttribute("role", "status");
  const text = Object.assign(document.createElement("div"), { className: "grow" });
  text.append(Object.assign(document.createElement("b"), { textContent: `มีข้อความที่พิมพ์ค้างไว้เมื่อ ${thai(new Date(kept.at))} ยังไม่ได้บันทึก` }));
  if (kept.files) text.append(document.createElement("br"), "ไฟล์ที่เลือกไว้ต้องเลือกอีกครั้ง");
  const button = (words, deed) => {
    const one = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s", textContent: words });
    one.addEventListener("click", () => { bar.remove(); deed(); });
    return one;
  };
  bar.append(text, button("ใส่กลับ", put), button("ทิ้ง", drop));
  place.before(bar);
  return bar;
}

function watch(form) {
  const key = MINE + new URL(form.action).pathname + new URL(form.action).search;
  const entered = form.dataset.entered || "";
  let kept = JSON.parse(sessionStorage.getItem(key) || "null");
  // What was typed before the letter that was entered just now was that letter.
  if (kept && entered && kept.after !== entered) { sessionStorage.removeItem(key); kept = null; }

  const keep = () => {
    if (secret(form)) { sessionStorage.removeItem(key); return; }
    const files = form.querySelectorAll('input[name="kept"]').length;
    sessionStorage.setItem(key, JSON.stringify({ values: read(form), at: Date.now(), after: entered, files }));
  };
  const put = () => {
    form.dispatchEvent(new CustomEvent("fit", { detail: kept.values.length }));
    fields(form).forEach((one, at) => { if (one.type === "radio") one.checked = kept.values[at] === true; else one.value = kept.values[at] ?? ""; });
    form.dispatchEvent(new Event("input"));
  };
  if (kept && !same(kept.values, read(form))) {
    const bar = offer(form.closest(".cols") || form, kept, put, () => sessionStorage.removeItem(key));
    form.addEventListener("input", () => bar.remove(), { once: true });
  }
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
}

if (person) forget(MINE);
document.addEventListener("submit", ({ target }) => { if (new URL(target.action).pathname.endsWith("/logout")) forget(); });

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-typed]")) watch(form);
}
