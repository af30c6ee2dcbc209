// Bytes on their way up: a form with large files shows how far they have come, in words and as a bar, and can be stopped.
// Without script, and with small files, the browser sends the form as ever. A form asks for it by `data-upload`.
import { sizeInWords } from "./filedrop.js";
import { csrfToken } from "./requests.js";

const LEAST = 500_000;
const thai = (number) => Math.floor(number).toLocaleString("th-TH-u-nu-thai");

/** POST a body and tell how many of its octets are up. The answer: its status, its text, its type, and the address to go
 *  on to (headers X-Go-To, which stands for a redirect). Rejects when the server cannot be reached or it was stopped. */
export function post(address, body, { headers = {}, onProgress, stopped } = {}) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", address);
    for (const [name, value] of Object.entries({ "X-Upload": "1", "X-CSRFToken": csrfToken(), ...headers })) request.setRequestHeader(name, value);
    if (onProgress) request.upload.addEventListener("progress", ({ loaded, total }) => onProgress(loaded, total));
    request.addEventListener("load", () => resolve({
      status: request.status,
      ok: request.status >= 200 && request.status < 300,
      text: request.responseText,
      type: request.getResponseHeader("Content-Type") || "",
      goTo: request.getResponseHeader("X-Go-To") || "",
    }));
    for (const name of ["error", "abort", "timeout"]) request.addEventListener(name, () => reject(new Error(name)));
    stopped?.addEventListener("abort", () => request.abort());
    request.send(body);
  });
}

/** A bar with its words; `show` tells how far it is. Ears hear of every tenth part only. */
export function bar(what) {
  const box = Object.assign(document.createElement("div"), { className: "upload stack stack--s" });
  const words = Object.assign(document.createElement("p"), { className: "small num" });
  const heard = Object.assign(document.createElement("p"), { className: "sr" });
  const line = Object.assign(document.createElement("progress"), { className: "bar", max: 100, value: 0 });
  words.setAttribute("aria-hidden", "true");
  heard.setAttribute("role", "status");
  line.setAttribute("aria-label", what);
  box.append(words, line, heard);
  const say = (text) => { words.textContent = text; };
  say(`${what} ๐%`);
  heard.textContent = what;
  let tenth = 0;
  return {
    box,
    show(loaded, total) {
      const part = total ? Math.min(100, (100 * loaded) / total) : 0;
      line.value = part;
      say(part < 100 ? `${what} ${thai(part)}% (${sizeInWords(loaded)} จาก ${sizeInWords(total)})` : "ส่งครบแล้ว กำลังตรวจและบันทึก");
      if (Math.floor(part / 10) > tenth) { tenth = Math.floor(part / 10); heard.textContent = part < 100 ? `ส่งแล้ว ${thai(part)}%` : "ส่งครบแล้ว กำลังตรวจและบันทึก"; }
    },
  };
}

const stays = (event) => event.preventDefault();

/** What the server answered with a page: shown in place of this one, as the browser would have. */
function turnTo(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  document.title = page.title;
  window.htmx.swap(document.body, page.body.innerHTML, { swapStyle: "innerHTML" });
  window.scrollTo(0, 0);
  document.querySelector("[data-focus]")?.focus();
}

async function send(form, button) {
  const stop = new AbortController();
  const said = bar("กำลังส่งไฟล์");
  const off = Object.assign(document.createElement("button"), { type: "button", className: "btn btn--s", textContent: "หยุดส่ง" });
  off.addEventListener("click", () => stop.abort());
  said.box.append(off);
  form.querySelector("[data-upload-error]")?.remove();
  const place = (button || form.querySelector('[type="submit"]'))?.closest(".row, .w-12, .panel__foot");
  if (place && form.contains(place)) place.after(said.box); else form.append(said.box);
  const body = new FormData(form, button);
  const buttons = [...form.elements].filter((one) => one.type === "submit" && one.getAttribute("aria-disabled") !== "true");
  form.setAttribute("aria-busy", "true");
  for (const one of buttons) one.setAttribute("aria-disabled", "true");
  addEventListener("beforeunload", stays);
  try {
    const answer = await post(button?.hasAttribute("formaction") ? button.formAction : form.action, body, { headers: { Accept: "text/html" }, onProgress: said.show, stopped: stop.signal });
    removeEventListener("beforeunload", stays);
    if (answer.goTo) { location.assign(answer.goTo); return; }
    turnTo(answer.text);
  } catch {
    removeEventListener("beforeunload", stays);
    const words = stop.signal.aborted ? "หยุดส่งแล้ว ข้อมูลที่พิมพ์และไฟล์ที่เลือกยังอยู่ครบ" : "ส่งไฟล์ไม่สำเร็จ ข้อมูลที่พิมพ์และไฟล์ที่เลือกยังอยู่ครบ ลองอีกครั้ง";
    const told = Object.assign(document.createElement("p"), { className: "error", textContent: words });
    told.dataset.uploadError = "";
    told.setAttribute("role", "alert");
    said.box.replaceWith(told);
    form.removeAttribute("aria-busy");
    for (const one of buttons) one.removeAttribute("aria-disabled");
    form.dispatchEvent(new Event("change"));
    button?.focus();
  }
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || !form.matches?.("form[data-upload]")) return;
  if (form.getAttribute("aria-busy") === "true") { event.preventDefault(); return; }
  const large = [...form.querySelectorAll('input[type="file"]')].flatMap((one) => [...one.files]).reduce((sum, file) => sum + file.size, 0);
  if (large < LEAST || !window.htmx) return;
  event.preventDefault();
  send(form, event.submitter);
});
