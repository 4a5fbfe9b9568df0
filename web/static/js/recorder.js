// The recorder: checks the devices, records in chunks that are kept on this
// device and sent as they come, and finds unsent ones after a reload.
import { clock, setPlayers } from "./player.js";
import { addChunk, drop, keyOf, saveTake, takesOf, whole } from "./recorder-store.js";
import { Sender } from "./recorder-send.js";

const box = document.getElementById("recorder");
const sending = document.getElementById("sending");
const attempt = Number(box.dataset.attempt);
const part = (name, within = box) => within.querySelector(`[data-${name}]`);
const [state, blob, timeLine, time, ofLimit, preview, meter, setup, devices, mic, camera, camField, check, rec, pause, more, again, note, live] = [
  "state", "blob", "clock", "time", "of", "preview", "meter", "setup", "devices", "mic", "cam", "camera", "check", "rec", "pause", "more", "again", "note", "live",
].map((name) => part(name));
const kind = () => box.querySelector("[name=rec-kind]:checked").value;

const chunkEvery = 5000;
const types = {
  video: ["video/webm;codecs=vp9,opus", "video/webm;codecs=vp8,opus", "video/webm", "video/mp4"],
  audio: ["audio/webm;codecs=opus", "audio/webm", "audio/mp4"],
};
const typeFor = (what) => types[what].find((type) => MediaRecorder.isTypeSupported(type));

let stream = null; // of the devices
let on = null; // what is being recorded
let next = Number(box.dataset.next);
let limit = Number(box.dataset.minutes) * 60;

const say = (words) => (live.textContent = words);

// --- Sending -------------------------------------------------------------
let latest = null; // the take that the panel below speaks of
const megabytes = (bytes) => (bytes / (1 << 20)).toFixed(1);
const sender = new Sender(attempt, tell, arrived, renumber);

function tell({ state: what, take, sent, total, message }) {
  if (take) latest = take;
  sending.hidden = false;
  part("try", sending).hidden = what === "sending";
  part("sound-only", sending).hidden = !(latest?.sound && latest.state === "ended");
  const words = part("sending", sending);
  const small = part("sending-note", sending);
  if (what === "sending") {
    words.textContent = `Take ${take.number}: ${megabytes(sent)} of ${megabytes(total)} MB sent`;
    small.textContent = "You can leave this page: what is not sent waits on this device.";
    part("progress", sending).max = total;
    part("progress", sending).value = sent;
  } else if (what === "waiting") {
    words.textContent = message;
    small.textContent = "What was recorded is safe on this device. Sending goes on by itself.";
  } else {
    words.textContent = `Take ${take.number} was not taken`;
    small.textContent = message;
  }
}

// renumber gives a take another number, since another device used its own.
async function renumber(take, number) {
  next = Math.max(next, number + 1);
  take.number = number;
  if (on?.take.key === take.key) on.take.number = number;
  await saveTake(on?.take.key === take.key ? on.take : take);
}

async function arrived(take) {
  await drop(take.key);
  if (take.sound) await drop(take.sound);
  const left = (await takesOf(attempt)).filter((one) => one.state === "ended");
  sending.hidden = left.length === 0;
  await refresh();
  say(`Take ${take.number} has arrived. Only you have it until you submit.`);
  if (!on) state.textContent = `Take ${take.number} has arrived`;
}

// refresh takes the list of takes and the way to submit from the page as it is now.
async function refresh() {
  if (!document.getElementById("takes")) return;
  const answer = await fetch(location.pathname);
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const id of ["takes", "submit"]) {
    const [old, fresh] = [document.getElementById(id), page.getElementById(id)];
    if (old && fresh) old.replaceWith(fresh);
  }
  if (document.getElementById("submit")) check.classList.toggle("filled", !document.querySelector("#submit .filled"));
  setPlayers();
}

part("try", sending).addEventListener("click", () => sender.now());
part("download", sending).addEventListener("click", async () => {
  const take = latest ?? (await takesOf(attempt))[0];
  if (!take) return;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(await whole(take));
  link.download = `take-${take.number}.${take.type.includes("mp4") ? "mp4" : "webm"}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60000);
});
part("drop", sending).addEventListener("click", async () => {
  if (!latest || on?.take.key === latest.key) return;
  await fetch(`/attempts/${attempt}/takes/${latest.number}/remove`, { method: "POST" }).catch(() => {});
  await drop(latest.key);
  if (latest.sound) await drop(latest.sound);
  latest = null;
  sending.hidden = true;
  await refresh();
});
// The picture is given up, and the sound that was recorded beside it goes alone.
part("sound-only", sending).addEventListener("click", async () => {
  const take = latest;
  if (!take?.sound) return;
  const sound = (await takesOf(-attempt)).find((one) => one.key === take.sound);
  await fetch(`/attempts/${attempt}/takes/${take.number}/remove`, { method: "POST" }).catch(() => {});
  const file = await whole(sound);
  await drop(take.key);
  await drop(take.sound);
  latest = null;
  await keepFile(file, sound.type, { ms: take.ms });
});

// keepFile puts a whole file into the store as a new take and sends it.
async function keepFile(file, type, more) {
  const number = next++;
  const take = { key: keyOf(attempt, number), attempt, number, type, sender: crypto.randomUUID(), state: "recording", ...more };
  for (let at = 0; at < file.size; at += 4 << 20) await addChunk(take, at, await file.slice(at, at + (4 << 20)).arrayBuffer());
  take.state = "ended";
  await saveTake(take);
  latest = take;
  sender.now();
}

// --- Devices -------------------------------------------------------------
async function ready() {
  stop(stream);
  stream = null;
  const video = kind() === "video";
  const wanted = (select) => (select.value ? { deviceId: { exact: select.value } } : true);
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: wanted(mic), video: video && { ...(camera.value ? { deviceId: { exact: camera.value } } : {}), width: { ideal: 1280 }, height: { ideal: 720 } } });
  } catch (error) {
    return blocked(error, video);
  }
  const all = await navigator.mediaDevices.enumerateDevices();
  fillPicker(mic, all.filter((one) => one.kind === "audioinput"), "Microphone", stream.getAudioTracks()[0]);
  fillPicker(camera, all.filter((one) => one.kind === "videoinput"), "Camera", stream.getVideoTracks()[0]);
  devices.hidden = false;
  camField.hidden = !video;
  check.hidden = true;
  rec.hidden = false;
  again.hidden = true;
  preview.hidden = !video;
  preview.srcObject = video ? stream : null;
  if (video) preview.play().catch(() => {});
  state.textContent = video ? "Microphone and camera ready" : "Microphone ready";
  note.textContent = "Say something: the bars move when you are heard. Then press the round button.";
  measure();
}

function fillPicker(select, list, name, track) {
  const used = track?.getSettings().deviceId ?? select.value;
  select.replaceChildren(...list.map((one, i) => new Option(one.label || `${name} ${i + 1}`, one.deviceId, false, one.deviceId === used)));
}

function blocked(error, video) {
  const words = {
    NotAllowedError: ["Your browser blocked the " + (video ? "microphone or the camera" : "microphone"), "Click the lock beside the address, allow it, then try again. Or take another route; all count the same."],
    NotFoundError: [video ? "No microphone or no camera was found" : "No microphone was found", "Plug one in and try again, choose a recording from your disk, or write instead."],
    NotReadableError: ["Another program is using the " + (video ? "camera or the microphone" : "microphone"), "Close it, then try again."],
  }[error.name] ?? ["The recorder could not start", "Try again, choose a recording from your disk, or write instead."];
  [state.textContent, note.textContent] = words;
  if (video) note.textContent += " Sound alone may still work.";
  check.textContent = "Try again";
  check.hidden = false;
  rec.hidden = true;
  say(words.join(". "));
}

const stop = (s) => s?.getTracks().forEach((track) => track.stop());

// The level of the microphone, as bars; for the eye only.
let context = null;
function measure() {
  context ??= new AudioContext();
  context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 1024;
  context.createMediaStreamSource(stream).connect(analyser);
  const bars = 60;
  const levels = Array(bars).fill(0);
  meter.replaceChildren(
    ...levels.map((_, i) => {
      const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
      for (const [k, v] of Object.entries({ x: `${(100 * i) / bars}%`, width: "0.9%", y: 19, height: 2, rx: 1 })) bar.setAttribute(k, v);
      return bar;
    }),
  );
  meter.hidden = false;
  const data = new Float32Array(analyser.fftSize);
  const mine = stream;
  const timer = setInterval(() => {
    if (stream !== mine) return clearInterval(timer);
    analyser.getFloatTimeDomainData(data);
    const loud = Math.sqrt(data.reduce((sum, v) => sum + v * v, 0) / data.length);
    levels.push(Math.min(1, Math.max(0, 1 + Math.log10(loud + 1e-6) / 2.5)));
    levels.shift();
    [...meter.children].forEach((bar, i) => {
      const height = 2 + Math.round(levels[i] * 36);
      bar.setAttribute("height", height);
      bar.setAttribute("y", 20 - height / 2);
      bar.classList.toggle("quiet", levels[i] < 0.2);
    });
  }, matchMedia("(prefers-reduced-motion: reduce)").matches ? 1000 : 120);
}

check.addEventListener("click", ready);
for (const input of [mic, camera, ...box.querySelectorAll("[name=rec-kind]")]) {
  input.addEventListener("change", () => stream && !on && ready());
}

// --- Recording -----------------------------------------------------------
const elapsed = () => (on ? on.before + (on.since ? performance.now() - on.since : 0) : 0);

async function start() {
  const what = kind();
  const type = typeFor(what);
  if (!type) return blocked({ name: "NotSupportedError" }, false);
  const number = next++;
  const take = { key: keyOf(attempt, number), attempt, number, type, sender: crypto.randomUUID(), state: "recording", ms: 0 };
  const recorder = new MediaRecorder(stream, { mimeType: type, audioBitsPerSecond: 64000, ...(what === "video" ? { videoBitsPerSecond: 1200000 } : {}) });
  const tracks = [track(recorder, take, () => sender.now())];
  if (what === "video") {
    const soundType = typeFor("audio");
    const sound = { key: keyOf(-attempt, number), attempt: -attempt, number, type: soundType, state: "recording" };
    take.sound = sound.key;
    tracks.push(track(new MediaRecorder(new MediaStream(stream.getAudioTracks()), { mimeType: soundType, audioBitsPerSecond: 64000 }), sound, () => {}));
  }
  on = { take, recorder, tracks, before: 0, since: performance.now(), told: 0, limit };
  latest = take;
  for (const one of tracks) one.recorder.start(chunkEvery);
  look();
  say("Recording.");
}

// track keeps what a recorder hands over, one chunk after the other.
function track(recorder, take, kept) {
  let offset = 0;
  let tail = Promise.resolve();
  recorder.addEventListener("dataavailable", (event) => {
    tail = tail.then(async () => {
      if (event.data.size === 0) return;
      take.ms = elapsed() || take.ms;
      const data = await event.data.arrayBuffer();
      try {
        await addChunk(take, offset, data);
      } catch {
        note.textContent = "This browser has no more room to keep the take. Stop here and submit it, or go on in another take with sound alone.";
        say(note.textContent);
        return;
      }
      offset += data.byteLength;
      kept();
    });
  });
  const ended = new Promise((done) => recorder.addEventListener("stop", () => done()));
  return { recorder, take, ended: ended.then(() => tail) };
}

async function end() {
  const { take, tracks } = on;
  const ms = elapsed();
  for (const one of tracks) if (one.recorder.state !== "inactive") one.recorder.stop();
  on.since = null;
  on.before = ms;
  await Promise.all(tracks.map((one) => one.ended));
  on = null;
  for (const one of tracks) {
    one.take.ms = ms;
    one.take.state = "ended";
    await saveTake(one.take);
  }
  limit = Number(box.dataset.minutes) * 60;
  look();
  state.textContent = `Take ${take.number}, ${clock(ms / 1000)}`;
  note.textContent = document.getElementById("takes") ? "Listen to it below. Submit it, or record another take: only the one you submit is ever heard." : "It goes to the rep’s attempt, where it can be played.";
  say(`Stopped. Take ${take.number} is ${clock(ms / 1000)} long.`);
  sender.now();
}

function look() {
  const recording = Boolean(on);
  const paused = on?.recorder.state === "paused";
  box.classList.toggle("live", recording);
  blob.hidden = !recording;
  blob.classList.toggle("paused", paused);
  timeLine.hidden = !recording;
  setup.hidden = recording;
  pause.hidden = !recording;
  again.hidden = !recording;
  if (!recording) more.hidden = true;
  rec.classList.toggle("start", !recording);
  rec.setAttribute("aria-label", recording ? "Stop and listen back" : "Start recording");
  if (!recording) return;
  state.textContent = paused ? "Paused" : kind() === "video" ? "Recording sound and picture" : "Recording sound";
  pause.querySelector("span").textContent = paused ? "Go on" : "Pause";
  note.textContent = `Stops by itself at ${clock(on.limit)}; a minute before, you can add five more. Closing this tab loses nothing: the take waits here.`;
}

rec.addEventListener("click", () => (on ? end() : start()));
pause.addEventListener("click", () => {
  if (!on) return;
  if (on.recorder.state === "paused") {
    for (const one of on.tracks) one.recorder.resume();
    on.since = performance.now();
    say("Recording again.");
  } else {
    on.before = elapsed();
    on.since = null;
    for (const one of on.tracks) one.recorder.pause();
    say("Paused.");
  }
  look();
});
more.addEventListener("click", () => {
  if (!on) return;
  on.limit += 300;
  more.hidden = true;
  rec.focus();
  look();
  say(`Five minutes more, until ${clock(on.limit)}.`);
});
again.addEventListener("click", async () => {
  if (!on) return;
  const { take } = on;
  await end();
  take.stopped = true;
  await saveTake(take);
  await fetch(`/attempts/${attempt}/takes/${take.number}/remove`, { method: "POST" }).catch(() => {});
  await drop(take.key);
  if (take.sound) await drop(take.sound);
  sending.hidden = true;
  start();
});

setInterval(() => {
  if (!on) return;
  const seconds = elapsed() / 1000;
  time.textContent = clock(seconds);
  ofLimit.textContent = `of at most ${Math.round(on.limit / 60)} minutes`;
  if (seconds >= on.limit) return end();
  if (seconds >= on.limit - 60 && more.hidden) {
    more.hidden = false;
    say("One minute left. You can add five more.");
  }
  const half = Math.floor(seconds / 30);
  if (half > on.told && on.since) {
    on.told = half;
    say(`Recording, ${clock(seconds)} so far.`);
  }
}, 250);

addEventListener("beforeunload", (event) => {
  if (on) event.preventDefault();
});

// --- A file from the disk goes the same way ------------------------------
document.querySelector("[data-upload]")?.addEventListener("submit", (event) => {
  const file = event.target.elements.file.files[0];
  if (!file || file.size > 256 << 20) return; // a large one is streamed by the form itself
  event.preventDefault();
  event.target.reset();
  const media = document.createElement("audio");
  const length = new Promise((done) => {
    media.onloadedmetadata = () => done(Number.isFinite(media.duration) ? media.duration * 1000 : 0);
    media.onerror = () => done(0);
    setTimeout(() => done(0), 3000);
  });
  media.preload = "metadata";
  media.src = URL.createObjectURL(file);
  length.then((ms) => keepFile(file, file.type || "video/mp4", { ms, uploaded: true }).then(() => URL.revokeObjectURL(media.src)));
});

// --- What an earlier page left behind ------------------------------------
async function resume() {
  for (const take of await takesOf(attempt)) {
    next = Math.max(next, take.number + 1);
    if (take.state !== "recording") continue;
    take.state = "ended"; // the page was closed or reloaded in the middle of it
    await saveTake(take);
    state.textContent = `Take ${take.number} was cut off at ${clock((take.ms ?? 0) / 1000)}`;
    note.textContent = "The page was closed while recording. What was recorded until then is kept and sent. You can submit it, or record another take.";
  }
  sender.now();
}

const alone = () => {
  if (!window.MediaRecorder || !navigator.mediaDevices || !window.indexedDB) return;
  box.hidden = false;
  resume();
};
// Two tabs do not record one attempt.
if (navigator.locks) {
  navigator.locks.request(`pitchside-recorder-${attempt}`, { ifAvailable: true }, (lock) => {
    if (lock) {
      alone();
      return new Promise(() => {}); // held while the page lives
    }
    box.hidden = false;
    check.hidden = true;
    setup.hidden = true;
    state.textContent = "This attempt is open in another tab";
    note.textContent = "Record there, or close that tab and load this one again.";
  });
} else alone();
