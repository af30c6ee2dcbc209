// The page beside the fields: `form[data-preview-url][data-preview-target]` is POSTed when the typing rests; the answer is
// HTML (the macro page_images) that takes the place of the target's content once its images are there, without a flash.
import { csrfToken, wordsOf } from "./requests.js";

const REST_MS = 120;

async function loaded(image) {
  try { await image.decode(); } catch { /* an image that fails shows its text */ }
}

function watch(form) {
  const target = document.querySelector(form.dataset.previewTarget);
  if (!target) return;
  let timer = 0;
  let current = null;

  async function refresh() {
    current?.abort();
    current = new AbortController();
    target.classList.add("is-waiting");
    target.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.dataset.previewUrl, { method: "POST", body: wordsOf(form), headers: { "X-CSRFToken": csrfToken() }, signal: current.signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const nodes = [...page.body.children].map((node) => document.importNode(node, true));
      const images = nodes.flatMap((node) => [...node.querySelectorAll("img")]);
      for (const image of images) image.loading = "eager";
      await Promise.all(images.map(loaded));
      target.replaceChildren(...nodes);
      const count = target.closest(".viewer")?.querySelector("[data-page-count] .num");
      if (count) count.textContent = nodes.filter((node) => node.matches(".page")).length.toLocaleString("th-TH-u-nu-thai");
      target.dispatchEvent(new CustomEvent("preview:done", { bubbles: true }));
    } catch (error) {
      if (error.name === "AbortError") return;
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
