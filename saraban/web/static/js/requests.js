// What goes to the server by script: the token against forged requests, words for failures, and toasts that the server
// asks for with the header HX-Trigger: {"toast": "…"}.
import { toast } from "./toast.js";

/** The token that every POST by script carries. */
export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content || "";

/** Take the token of the session that this person has now, when he has signed in again meanwhile. False when he has not,
 *  or somebody else has. */
export async function renewToken() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const token = page.querySelector('meta[name="csrf-token"]')?.content;
    if (!token || page.body.dataset.person !== document.body.dataset.person) return false;
    document.querySelector('meta[name="csrf-token"]').content = token;
    for (const field of document.querySelectorAll('input[name="csrf_token"]')) field.value = token;
    return true;
  } catch { return false; }
}

/** What was typed into a form, without the files: they travel when the person presses a button, not with every word. */
export function wordsOf(form) {
  const words = new FormData(form);
  for (const [name, value] of [...words]) if (value instanceof File) words.delete(name);
  return words;
}

document.addEventListener("htmx:configRequest", (event) => {
  const token = csrfToken();
  if (token) event.detail.headers["X-CSRFToken"] = token;
});
document.addEventListener("htmx:sendError", () => toast("ติดต่อเครื่องแม่ข่ายไม่ได้ ข้อมูลที่พิมพ์ยังอยู่ครบ ลองอีกครั้งใน ๑ นาที"));
document.addEventListener("htmx:responseError", () => toast("ทำรายการไม่สำเร็จ ข้อมูลที่พิมพ์ยังอยู่ครบ ลองอีกครั้งใน ๑ นาที"));
document.addEventListener("toast", (event) => toast(event.detail.value));
