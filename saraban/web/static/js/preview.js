// The page beside the fields: `form[data-preview-url][data-preview-target]` is POSTed when the typing rests, first for the
// page in view (`page_in_view`), and when it has rested for long for the others (`page_seen`). The answers are HTML (the
// macro page_images), whose pages take the place of the target's once their images are there, without a flash; a page
// without image is still to come.
import { csrfToken, wordsOf } from "./requests.js";

const REST_MS = 120;
const LONG_REST_MS = 600; // whoever goes on typing wants no pages that he does not see

async function loaded(image) {
  try { await image.decode(); } catch { /* an image that fails shows its text */ }
}

/** Which page, from 1, lies in the middle of what is seen of the target. */
function pageInView(target) {
  const seen = target.getBoundingClientRect();
  const middle = (Math.max(seen.top, 0) + Math.min(seen.bottom, window.innerHeight)) / 2;
  const pages = [...target.querySelectorAll(":scope > .page")];
  const below = pages.findIndex((page) => page.getBoundingClientRect().bottom >= middle);
  return below < 0 ? Math.max(pages.length, 1) : below + 1;
}

/** A calm line over the pages that are shown while there are no newer ones: why, in words; "" takes it away. */
function note(target, words) {
  const viewer = target.closest(".viewer");
  let line = viewer?.querySelector(".preview__note");
  if (!words) { line?.remove(); return; }
  if (!line) {
    line = Object.assign(document.createElement("p"), { className: "preview__note small" });
    line.setAttribute("role", "status");
    target.before(line);
  }
  if (line.textContent !== words) line.textContent = words;
}

/** Put pages with images in the place of those that are shown, and leave or make room for those that are to come. While
 *  the text cannot be set on a page, the last pages stay where they are. */
function put(target, nodes) {
  if (!nodes.some((node) => node.matches(".page"))) {
    const words = nodes.map((node) => node.textContent.trim()).filter(Boolean).join(" ");
    if (target.querySelector(".page img")) note(target, `หน้าที่เห็นเป็นของข้อความก่อนหน้า ${words}`); else target.replaceChildren(...nodes);
    return;
  }
  note(target, "");
  const { scrollTop } = target;
  for (const other of [...target.children]) if (!other.matches(".page")) other.remove();
  nodes.forEach((node, at) => {
    const old = target.children[at];
    if (!old) target.append(node);
    else if (node.querySelector("img")) old.replaceWith(node);
  });
  while (target.children.length > nodes.length) target.lastElementChild.remove();
  target.scrollTop = scrollTop;
}

/** Until the typing has rested for long, or the person looks elsewhere. */
function longRest(target, signal) {
  return new Promise((done) => {
    const end = () => { clearTimeout(timer); target.removeEventListener("scroll", end); done(); };
    const timer = setTimeout(end, LONG_REST_MS);
    target.addEventListener("scroll", end);
    signal.addEventListener("abort", end);
  });
}

function watch(form) {
  const target = document.querySelector(form.dataset.previewTarget);
  if (!target) return;
  let timer = 0;
  let current = null;

  async function answered(which, page, signal) {
    const body = wordsOf(form);
    body.set(which, page);
    const answer = await fetch(form.dataset.previewUrl, { method: "POST", body, headers: { "X-CSRFToken": csrfToken() }, signal });
    if (!answer.ok) throw new Error(String(answer.status));
    const html = new DOMParser().parseFromString(await answer.text(), "text/html");
    const nodes = [...html.body.children].map((node) => document.importNode(node, true));
    const images = nodes.flatMap((node) => [...node.querySelectorAll("img")]);
    for (const image of images) image.loading = "eager";
    await Promise.all(images.map(loaded));
    signal.throwIfAborted();
    return nodes;
  }

  async function refresh() {
    current?.abort();
    const { signal } = current = new AbortController();
    target.classList.add("is-waiting");
    target.setAttribute("aria-busy", "true");
    try {
      const page = pageInView(target);
      const nodes = await answered("page_in_view", page, signal);
      put(target, nodes);
      const count = target.closest(".viewer")?.querySelector("[data-page-count] .num");
      if (count && nodes.some((node) => node.matches(".page"))) count.textContent = nodes.filter((node) => node.matches(".page")).length.toLocaleString("th-TH-u-nu-thai");
      target.dispatchEvent(new CustomEvent("preview:done", { bubbles: true }));
      target.classList.remove("is-waiting");
      if (nodes.some((node) => node.matches(".page") && !node.querySelector("img"))) {
        await longRest(target, signal);
        signal.throwIfAborted();
        put(target, await answered("page_seen", Math.min(page, nodes.length), signal));
        target.dispatchEvent(new CustomEvent("preview:whole", { bubbles: true }));
      }
    } catch (error) {
      if (error.name === "AbortError") return;
      if (target.querySelector(".page img")) note(target, "หน้าที่เห็นยังไม่ตรงกับข้อความล่าสุด จะทำใหม่เมื่อพิมพ์ต่อ");
      target.dispatchEvent(new CustomEvent("preview:failed", { bubbles: true }));
    }
    target.classList.remove("is-waiting");
    target.removeAttribute("aria-busy");
  }

  const later = () => { clearTimeout(timer); timer = setTimeout(refresh, REST_MS); };
  form.addEventListener("input", later);
  form.addEventListener("change", later);
  if (!target.querySelector(".page")) refresh();
}

export function enhance(root) {
  for (const form of root.querySelectorAll("form[data-preview-url]")) watch(form);
}
