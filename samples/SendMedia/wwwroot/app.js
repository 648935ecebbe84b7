import { Call } from './call.js';
import { Chart } from './charts.js';
import { Meter } from './meter.js';
import { Sampler } from './stats.js';

const $ = (id) => document.getElementById(id);

const words = { new: 'Connecting', connecting: 'Connecting', connected: 'Watching', disconnected: 'Interrupted', failed: 'Failed', closed: 'Ended' };
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

let session = null;

$('start').addEventListener('click', start);
$('stop').addEventListener('click', () => stop());
$('error-close').addEventListener('click', () => showError(''));
$('silence').addEventListener('click', () => {
  const on = $('silence').getAttribute('aria-pressed') !== 'true';
  $('silence').setAttribute('aria-pressed', String(on));
  $('video').muted = on;
});
addEventListener('pagehide', () => session?.call.close());
show();

async function start() {
  showError('');
  $('start').disabled = true;
  try {
    const call = new Call({ channels: { info: {} }, receive: ['video', 'audio'] });
    const mine = { call, sampler: new Sampler(), stream: new MediaStream(), info: null, first: null, buffer: null };
    session = mine;
    call.addEventListener('change', () => mine === session && onChange(mine));
    call.addEventListener('track', ({ detail }) => onTrack(mine, detail.track));
    call.addEventListener('message', ({ detail }) => mine === session && onInfo(mine, JSON.parse(detail.data)));
    call.addEventListener('failure', (e) => {
      if (mine === session) {
        stop();
        showError(e.detail);
      }
    });
    mine.timer = setInterval(() => measure(mine), 1000);
    Object.values(charts).forEach((chart) => chart.clear());
    show();
    await call.start(null);
  } catch (error) {
    stop();
    showError(error.message);
  } finally {
    $('start').disabled = false;
  }
}

function stop() {
  const ended = session;
  session = null;
  if (ended) {
    clearInterval(ended.timer);
    ended.call.close();
  }
  meter.detach();
  $('video').srcObject = null;
  $('video').parentElement.classList.remove('live');
  show();
}

function onChange(mine) {
  const { call } = mine;
  if (call.pc.connectionState === 'failed') {
    stop();
    showError('No way to the process was found, or it was lost.');
  } else if (call.channel('info').readyState === 'closed' && call.pc.connectionState !== 'closed') {
    stop();
    showError('The process has ended.');
  } else {
    show();
  }
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
    show();
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
  show();
}

async function measure(mine) {
  const sample = await mine.sampler.sample(mine.call.pc);
  const report = [...(await mine.call.pc.getStats()).values()];
  if (mine !== session) {
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

function showError(text) {
  $('error-text').textContent = text;
  $('error').hidden = text === '';
}

function show() {
  const pc = session?.call.pc;
  const state = pc?.connectionState;
  $('status-text').textContent = pc ? words[state] : 'Ready';
  $('status').dataset.state = !pc ? 'new' : state === 'new' || state === 'disconnected' ? 'connecting' : state;
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
