// Nothing typed is lost. `form[data-guard]` warns before the page is left with unsaved words. With `data-autosave-url` it
// saves by itself: a POST of the form, answered with JSON {"version": n, "saved": "๑๐.๔๘ น."}; with `data-begin-url`
// instead, the first words begin the draft and the answer says where it is saved from then on. What could not be saved
// lies in this browser (keeping.js) and is sent again when the connection or the session is back. A draft that somebody
// else has saved (409) is not written over: both texts are shown in [data-clash-place].
import { keeper } from "./keeping.js";
import { csrfToken, renewToken, wordsOf } from "./requests.js";

const QUIET_MS = 2500;
const KEEP_MS = 400;
const AGAIN_MS = 10000;
const OFFLINE = "ยังไม่ได้บันทึก (ออฟไลน์)";
const guarded = new Set();

addEventListener("beforeunload", (event) => {
  if ([...guarded].some((form) => form.isConnected && form.dataset.dirty === "yes")) event.preventDefault();
});

class Draft {
  constructor(form) {
    this.form = form;
    this.kept = keeper(form);
    this.status = document.querySelector("[data-autosave-status]");
    this.busy = false;
    this.stopped = false;
    form.addEventListener("input", () => this.changed());
    form.addEventListener("change", () => this.changed());
    form.addEventListener("submit", (event) => this.submitting(event));
    addEventListener("online", () => this.again());
    addEventListener("focus", () => this.again());
    addEventListener("pagehide", () => this.keep());
    this.kept.offer();
    guarded.add(form);
    // Words that came from elsewhere (a file that was read) are saved as if they had been typed.
    if (form.dataset.dirty === "yes") this.changed();
  }

  get saves() { return Boolean(this.form.dataset.autosaveUrl || this.form.dataset.beginUrl); }

  say(text, address = "", words = "") {
    if (!this.status || this.status.textContent === text) return;
    this.status.textContent = text;
    if (!address) return;
    const link = Object.assign(document.createElement("a"), { href: address, target: "_blank", rel: "noopener", textContent: words });
    this.status.append(" ", link);
  }

  changed() {
    this.form.dataset.dirty = "yes";
    if (!this.saves) { this.say("ยังไม่ได้บันทึก"); return; }
    clearTimeout(this.keeping);
    this.keeping = setTimeout(() => this.keep(), KEEP_MS);
    if (this.stopped) return;
    if (!this.waits) this.say("ยังไม่ได้บันทึก");
    this.later(QUIET_MS);
  }

  /** Keep the words in this browser; in words whether they lie there. */
  keep() {
    clearTimeout(this.keeping);
    if (this.form.dataset.dirty !== "yes" || !this.saves) return "";
    return this.kept.keep() ? "ข้อความเก็บไว้ในเครื่องนี้แล้ว" : "ข้อความยังอยู่ในหน้านี้ อย่าปิดหน้า";
  }

  later(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), wait);
  }

  again() {
    if (this.waits && !this.stopped) this.later(0);
  }

  submitting(event) {
    if (this.saves && !navigator.onLine) {
      event.preventDefault();
      this.say(`${OFFLINE} ${this.keep()} กดอีกครั้งเมื่อต่อได้`);
      this.waits = true;
      return;
    }
    clearTimeout(this.timer);
    this.keep();
    this.form.dataset.dirty = "no";
  }

  async save(renewed = false) {
    if (this.busy) { this.later(QUIET_MS); return; }
    const url = this.form.dataset.autosaveUrl || this.form.dataset.beginUrl;
    if (!url) return;
    this.busy = true;
    this.waits = false;
    const begun = this.form.elements.namedItem("begun");
    if (begun) begun.value = "yes";
    const words = wordsOf(this.form);
    this.form.dataset.dirty = "no";
    this.say("กำลังบันทึก");
    let answer = null;
    try {
      answer = await fetch(url, { method: "POST", body: words, headers: { "X-CSRFToken": csrfToken(), Accept: "application/json" } });
    } catch { /* no connection */ }
    this.busy = false;
    if (answer?.status === 400 && !renewed && await renewToken()) { this.form.dataset.dirty = "yes"; await this.save(true); return; }
    if (answer?.ok) { await this.saved(answer); return; }
    this.form.dataset.dirty = "yes";
    await this.failed(answer);
  }

  async saved(answer) {
    if (answer.status === 204) {
      const begun = this.form.elements.namedItem("begun");
      if (begun) begun.value = "";
      this.kept.drop();
      this.say("ยังไม่ได้บันทึก");
      return;
    }
    const told = await answer.json();
    if (told.edit) this.begin(told);
    const field = this.form.elements.namedItem("version");
    if (field && told.version !== undefined) field.value = String(told.version);
    if (this.form.dataset.dirty === "yes") this.keep(); else this.kept.drop();
    this.say(`บันทึกแล้ว เมื่อ ${told.saved}`);
  }

  /** The letter is there now: this page is the page of its draft from here on. */
  begin(told) {
    const { form } = this;
    this.kept.drop();
    form.action = told.edit;
    Object.assign(form.dataset, { autosaveUrl: told.autosave, previewUrl: told.preview, clashUrl: told.clash, keep: told.edit.split("/")[2] });
    delete form.dataset.beginUrl;
    if (!form.elements.namedItem("version")) form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "version" }));
    const unit = form.elements.namedItem("unit");
    for (const option of unit ? [...unit.options] : []) if (!option.selected) option.remove();
    history.replaceState(history.state, "", told.edit);
  }

  async failed(answer) {
    const where = this.keep();
    if (!answer) {
      this.say(`${OFFLINE} ${where}`);
    } else if (answer.status === 401) {
      this.say(`หมดเวลาเข้าสู่ระบบ ${where}`, `/login?next=${encodeURIComponent(location.pathname)}`, "เข้าสู่ระบบในหน้าต่างใหม่แล้วกลับมาที่นี่");
    } else if (answer.status === 409) {
      this.stopped = true;
      this.say(`ยังไม่ได้บันทึก มีผู้บันทึกร่างนี้จากหน้าจออื่น ${where}`);
      await this.clash();
      return;
    } else if (answer.status === 422) {
      this.say(`ยังไม่ได้บันทึก มีช่องที่ต้องแก้ กดบันทึกเพื่อดู ${where}`);
      return;
    } else if (answer.status === 403 || answer.status === 404) {
      this.stopped = true;
      this.say(`บันทึกร่างนี้ไม่ได้แล้ว ${where}`);
      return;
    } else {
      this.say(`ยังไม่ได้บันทึก ระบบไม่ตอบ ${where} จะลองใหม่เอง`);
    }
    this.waits = true;
    this.later(AGAIN_MS);
  }

  async clash() {
    const place = document.querySelector("[data-clash-place]");
    if (!place || !this.form.dataset.clashUrl) return;
    try {
      const answer = await fetch(this.form.dataset.clashUrl, { method: "POST", body: wordsOf(this.form), headers: { "X-CSRFToken": csrfToken() } });
      if (!answer.ok) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      place.replaceChildren(...[...page.body.children].map((node) => document.importNode(node, true)));
      place.scrollIntoView({ block: "nearest" });
    } catch { /* the words in the status say it */ }
  }
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-guard]")) new Draft(form);
}
