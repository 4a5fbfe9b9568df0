// Recordings to listen to or watch: play, five seconds back and forth, speed,
// seeking by a slider, by a field and by the times in the transcript. Without
// this module the browser's own player does it.
import { shortcut } from "./shortcuts.js";

export const clock = (seconds) => {
  const s = Math.max(0, Math.floor(seconds));
  const two = (n) => String(n).padStart(2, "0");
  return s >= 3600 ? `${Math.floor(s / 3600)}:${two(Math.floor(s / 60) % 60)}:${two(s % 60)}` : `${two(Math.floor(s / 60))}:${two(s % 60)}`;
};

// secondsOf reads 05:52, 1:05:52 or 352; NaN if it is none of them.
export const secondsOf = (text) => (/^\d+(:\d{1,2}){0,2}$/.test(text.trim()) ? text.trim().split(":").reduce((sum, part) => sum * 60 + Number(part), 0) : NaN);

const playIcon = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M8 5v14l11-7z" fill="currentColor"/></svg>`;
const pauseIcon = `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="M8 5v14M16 5v14" stroke-width="3.5"/></svg>`;

function set(box) {
  if (box.dataset.set) return;
  box.dataset.set = "yes";
  const media = box.querySelector("audio, video");
  const part = (name) => box.querySelector(`[data-${name}]`);
  const [now, seek, play, goto, said] = ["now", "seek", "play", "goto", "said"].map(part);
  const length = () => (Number(box.dataset.ms) || (Number.isFinite(media.duration) ? media.duration * 1000 : 0)) / 1000;
  part("controls").hidden = false;
  media.controls = false;

  const show = () => {
    now.textContent = clock(media.currentTime);
    if (document.activeElement !== seek || !media.paused) seek.value = String(media.currentTime * 1000);
    seek.setAttribute("aria-valuetext", `${clock(media.currentTime)} of ${clock(length())}`);
    if (document.activeElement !== goto) goto.value = clock(media.currentTime);
    for (const rect of box.querySelectorAll(".wave [x]")) rect.classList.toggle("ahead", parseFloat(rect.getAttribute("x")) > (100 * media.currentTime) / length());
  };
  const to = (seconds) => {
    media.currentTime = Math.min(Math.max(0, seconds), Math.max(0, length() - 0.1));
    show();
  };
  const toggle = () => (media.paused ? media.play().catch(() => {}) : media.pause());
  media.addEventListener("loadedmetadata", () => {
    if (!Number(box.dataset.ms)) seek.max = String(length() * 1000);
  });
  media.addEventListener("timeupdate", show);
  media.addEventListener("seeked", show);
  for (const event of ["play", "pause", "ended"]) {
    media.addEventListener(event, () => {
      play.innerHTML = media.paused ? playIcon : pauseIcon;
      play.setAttribute("aria-label", media.paused ? "Play" : "Pause");
    });
  }
  media.addEventListener("error", () => {
    said.textContent = navigator.onLine ? "This recording cannot be played here now. Load the page again; if it stays so, download the recording." : "No connection. Playing goes on when it is back: press play again.";
    const at = media.currentTime;
    media.addEventListener("loadedmetadata", () => (media.currentTime = at), { once: true });
  });
  media.addEventListener("playing", () => (said.textContent = ""));
  play.addEventListener("click", () => {
    if (media.error) media.load();
    toggle();
  });
  seek.addEventListener("input", () => to(Number(seek.value) / 1000));
  goto.addEventListener("change", () => {
    const seconds = secondsOf(goto.value);
    if (Number.isNaN(seconds)) said.textContent = "Write a time such as 05:52.";
    else {
      said.textContent = "";
      to(seconds);
    }
  });
  goto.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    goto.dispatchEvent(new Event("change"));
  });
  part("speed").addEventListener("change", (event) => (media.playbackRate = Number(event.target.value)));
  for (const button of box.querySelectorAll("[data-by]")) button.addEventListener("click", () => to(media.currentTime + Number(button.dataset.by)));
  media.addEventListener("play", () => import("./waveform.js").then(({ draw }) => draw(box, media)).catch(() => {}), { once: true });
  show();
  return { media, to, toggle };
}

// setPlayers readies the players that are on the page now.
export const setPlayers = () => [...document.querySelectorAll("[data-player]")].map(set).filter(Boolean);

const players = setPlayers();
if (players.length === 1) {
  const [one] = players;
  shortcut((event) => {
    // At the desk the space bar plays, also when a level has the focus.
    if (event.key === " " && (event.target.matches("[data-criterion] input[type=radio]") || !event.target.closest("button, summary, a, input, label"))) one.toggle();
    else if (event.key === ",") one.to(one.media.currentTime - 5);
    else if (event.key === ".") one.to(one.media.currentTime + 5);
    else return;
    event.preventDefault();
  });
  // A time beside a line leads there.
  const lines = [...document.querySelectorAll(".transcript li[data-ms]")];
  const place = ([stamp, ms]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "stamp";
    button.innerHTML = stamp.innerHTML;
    const name = document.createElement("span");
    name.className = "visually-hidden";
    name.textContent = "Play from ";
    button.prepend(name);
    button.addEventListener("click", () => {
      one.to(Number(ms) / 1000);
      one.media.play().catch(() => {});
    });
    stamp.replaceWith(button);
  };
  for (const line of lines) place([line.querySelector(".stamp"), line.dataset.ms]);
  const jumps = () => {
    for (const stamp of document.querySelectorAll("[data-jump]")) place([stamp, stamp.dataset.jump]);
  };
  jumps();
  document.addEventListener("stamps", jumps);
  one.media.addEventListener("timeupdate", () => {
    const here = lines.findLast((line) => Number(line.dataset.ms) <= one.media.currentTime * 1000);
    for (const line of lines) line.classList.toggle("heard", line === here);
  });
}
