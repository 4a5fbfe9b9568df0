// The shape of a recording, drawn once it is played: to load it before that
// would count as playing. It is decoration; place and time are in the controls.
const bars = 180;
const longest = 45 * 60; // seconds
const largest = 40 * 1024 * 1024; // bytes

// peaksOf returns the loudest moment of each of n stretches, from 0 to 1.
export function peaksOf(samples, n) {
  const peaks = new Array(n).fill(0);
  for (let i = 0; i < samples.length; i++) {
    const at = Math.floor((i * n) / samples.length);
    peaks[at] = Math.max(peaks[at], Math.abs(samples[i]));
  }
  const most = Math.max(...peaks) || 1;
  return peaks.map((peak) => peak / most);
}

async function samplesOf(media) {
  const answer = await fetch(media.currentSrc);
  if (!answer.ok || Number(answer.headers.get("Content-Length")) > largest) return null;
  // A rate of 8 kHz keeps an hour in the memory of a telephone.
  const sound = await new OfflineAudioContext(1, 1, 8000).decodeAudioData(await answer.arrayBuffer());
  return sound.getChannelData(0);
}

export async function draw(box, media) {
  const wave = box.querySelector("[data-wave]");
  const length = Number(box.dataset.ms) / 1000;
  if (!wave || wave.dataset.drawn || !(length > 0 && length < longest)) return;
  wave.dataset.drawn = "yes";
  const samples = await samplesOf(media);
  if (!samples) return;
  const svg = wave.querySelector("svg");
  // Who speaks is kept: above the middle one side, below it the other.
  const spans = [...svg.querySelectorAll("rect")].map((rect) => ({ from: parseFloat(rect.getAttribute("x")), to: parseFloat(rect.getAttribute("x")) + parseFloat(rect.getAttribute("width")), side: rect.getAttribute("class").split(" ")[0] }));
  const shapes = peaksOf(samples, bars).map((peak, i) => {
    const x = (100 * i) / bars;
    const side = spans.find((span) => span.from <= x && x < span.to)?.side;
    const height = Math.max(1, peak * (side ? 46 : 92));
    const bar = document.createElementNS("http://www.w3.org/2000/svg", "rect");
    bar.setAttribute("class", `${side ?? "rep"} ahead`);
    bar.setAttribute("x", `${x}%`);
    bar.setAttribute("width", `${70 / bars}%`);
    bar.setAttribute("y", `${side === "rep" ? 50 - height : side === "buyer" ? 50 : 50 - height / 2}%`);
    bar.setAttribute("height", `${height}%`);
    return bar;
  });
  svg.replaceChildren(...shapes);
  wave.hidden = false;
  media.dispatchEvent(new Event("timeupdate"));
}
