import { Call } from './call.js';
import { Chart } from './charts.js';
import { Meter } from './meter.js';
import { $, CallPage, press, showConnection } from './page.js';
import { Sampler } from './stats.js';

const meter = new Meter($('meter'));
const charts = {
  rate: new Chart($('chart-rate'), {
    title: 'Video', unit: 'kbit/s', floor: 100,
    series: [{ name: 'received', colour: '--received' }, { name: 'allowed', colour: '--third' }],
  }),
  frames: new Chart($('chart-frames'), { title: 'Pictures', unit: 'per s', floor: 30, series: [{ name: 'decoded', colour: '--received' }] }),
  loss: new Chart($('chart-loss'), { title: 'Packet loss', unit: '%', floor: 5, digits: 1, series: [{ name: 'received', colour: '--received' }] }),
  delay: new Chart($('chart-delay'), {
    title: 'Delay', unit: 'ms', floor: 50,
    series: [{ name: 'round trip', colour: '--sent' }, { name: 'jitter buffer', colour: '--received' }],
  }),
};

const page = new CallPage({ channel: 'info', button: 'start', show, closed });

$('start').addEventListener('click', () => page.start(open));
$('stop').addEventListener('click', () => page.stop());
$('silence').addEventListener('click', () => {
  $('video').muted = press('silence');
});

function open() {
  const call = new Call({ channels: { info: {} }, receive: ['video', 'audio'] });
  const mine = { call, sampler: new Sampler(), stream: new MediaStream(), info: null, first: null, buffer: null };
  call.addEventListener('track', ({ detail }) => onTrack(mine, detail.track));
  call.addEventListener('message', ({ detail }) => page.isOn(mine) && onInfo(mine, JSON.parse(detail.data)));
  mine.timer = setInterval(() => measure(mine), 1000);
  Object.values(charts).forEach((chart) => chart.clear());
  return mine;
}

function closed() {
  meter.detach();
  $('video').srcObject = null;
  $('video').parentElement.classList.remove('live');
}

function onTrack(mine, track) {
  mine.stream.addTrack(track);
  const video = $('video');
  video.srcObject = mine.stream;
  video.play().catch(() => {});
  if (track.kind === 'audio') {
    meter.attach(new MediaStream([track]));
    return;
  }
  const began = () => {
    mine.first ??= performance.now() - mine.call.started;
    video.parentElement.classList.add('live');
    page.show();
  };
  video.addEventListener('loadeddata', began, { once: true });
}

function onInfo(mine, info) {
  mine.info = info;
  $('source').textContent = info.source;
  const items = info.layers.map(({ height, kilobits }, i) => {
    const item = document.createElement('li');
    item.textContent = [height ? `${height} lines` : 'as it is', kilobits ? `${kilobits} kbit/s` : ''].filter(Boolean).join(' · ');
    item.setAttribute('aria-current', String(i === info.layer));
    return item;
  });
  $('layers').replaceChildren(...items);
  page.show();
}

async function measure(mine) {
  const sample = await mine.sampler.sample(mine.call.pc);
  const report = [...(await mine.call.pc.getStats()).values()];
  if (!page.isOn(mine)) {
    return;
  }
  const inbound = report.find((e) => e.type === 'inbound-rtp' && e.kind === 'video');
  const video = sample.video.received;
  charts.rate.push([video?.kilobits, mine.info?.targetKilobits]);
  charts.frames.push([video?.frames]);
  charts.loss.push([sample.receivedLoss]);
  charts.delay.push([sample.pair?.roundTrip === null || !sample.pair ? null : sample.pair.roundTrip * 1000, bufferDelay(mine, inbound)]);
  $('badge').hidden = !video?.width;
  $('badge').textContent = video?.width ? `${video.width} × ${video.height} · ${Math.round(video.frames ?? 0)} fps` : '';
  $('fact-video').textContent = video ? `${video.codec} · ${Math.round(video.kilobits)} kbit/s` : '–';
  $('fact-audio').textContent = sample.audio.received ? `${sample.audio.received.codec} · ${Math.round(sample.audio.received.kilobits)} kbit/s` : '–';
  $('fact-freezes').textContent = inbound?.freezeCount === undefined ? '–' : `${inbound.freezeCount} times, ${(inbound.totalFreezesDuration ?? 0).toFixed(1)} s`;
  $('fact-pair').textContent = sample.pair ? `${sample.pair.local} ⇄ ${sample.pair.remote}` : '–';
}

// The mean of the last second, in milliseconds.
function bufferDelay(mine, inbound) {
  const before = mine.buffer;
  const now = { delay: inbound?.jitterBufferDelay ?? 0, count: inbound?.jitterBufferEmittedCount ?? 0 };
  mine.buffer = now;
  return before && now.count > before.count ? (1000 * (now.delay - before.delay)) / (now.count - before.count) : null;
}

function show(session) {
  const pc = session?.call.pc;
  showConnection(pc, 'Watching');
  $('start').hidden = Boolean(pc);
  $('stop').hidden = !pc;
  $('silence').hidden = !pc;
  $('fact-viewers').textContent = session?.info ? String(session.info.viewers) : '–';
  $('fact-first').textContent = session?.first ? `${session.first.toFixed(0)} ms` : '–';
  if (!pc) {
    $('layers').replaceChildren();
    $('badge').hidden = true;
  }
}
