// What goes to the server by script: the token against forged requests, words for failures, and toasts that the server
// asks for with the header HX-Trigger: {"toast": "…"}.
import { toast } from "./toast.js";

/** The token that every POST by script carries. */
export const csrfToken = () => document.querySelector('meta[name="csrf-token"]')?.content || "";

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
