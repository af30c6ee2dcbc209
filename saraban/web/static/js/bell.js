// The bell: what it counts is kept up to date while the page is open, by a stream (server-sent events) where there is room
// for one, else by asking every half minute. Nothing moves on the page; a screen reader hears of a new notice once.
const BEGIN_MS = 2500;
const ASK_MS = 30000;
const bell = document.querySelector("[data-bell]");
const thai = (number) => number.toLocaleString("th-TH-u-nu-thai");

function put(place, number) {
  place.textContent = number ? thai(number) : "";
  place.hidden = !number;
}

function show(state) {
  const count = bell.querySelector("[data-bell-count]");
  const before = Number(bell.dataset.unread || 0);
  bell.dataset.unread = state.unread;
  put(count, state.unread);
  bell.setAttribute("aria-label", state.unread ? `การแจ้งเตือน ยังไม่อ่าน ${thai(state.unread)} รายการ` : "การแจ้งเตือน");
  for (const place of document.querySelectorAll("[data-count]")) {
    if (place.dataset.count in state.counts) put(place, state.counts[place.dataset.count]);
  }
  if (state.unread > before && state.newest) document.querySelector("[data-bell-said]").textContent = `แจ้งเตือนใหม่ ${state.newest}`;
}

let asking = null;
async function ask() {
  if (document.hidden) return;
  try {
    const answer = await fetch(bell.dataset.now, { headers: { Accept: "application/json" } });
    if (answer.ok) show(await answer.json());
  } catch { /* the line is down: asked again later */ }
}
function askNowAndThen() {
  asking ??= setInterval(ask, ASK_MS);
}

let stream = null;
function follow() {
  if (document.hidden || stream || asking) return;
  stream = new EventSource(bell.dataset.events);
  stream.addEventListener("open", () => { bell.dataset.follows = "yes"; });
  stream.addEventListener("notices", (event) => show(JSON.parse(event.data)));
  // Newer pages of the same person have the room: this one asks from now on.
  stream.addEventListener("full", () => { rest(); askNowAndThen(); });
  stream.addEventListener("error", () => {
    // Between two tries the browser connects again by itself and tells what it saw last; closed means that there was no room.
    if (stream?.readyState === EventSource.CLOSED) { stream = null; askNowAndThen(); }
  });
}
function rest() {
  stream?.close();
  stream = null;
}

if (bell) {
  setTimeout(follow, BEGIN_MS);
  document.addEventListener("visibilitychange", () => (document.hidden ? rest() : asking ? ask() : follow()));
  addEventListener("pagehide", rest);
}
