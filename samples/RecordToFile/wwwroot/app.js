import { Call } from './call.js';
import { Chart } from './charts.js';
import { bytes } from './figures.js';
import { Meter } from './meter.js';
import { $, CallPage, showError, showStatus } from './page.js';
import { openSource } from './sources.js';

const meter = new Meter($('own-meter'));
const chart = new Chart($('chart-rate'), {
  title: 'What is written', unit: 'kbit/s', floor: 100,
  series: [{ name: 'video', colour: '--sent' }, { name: 'audio', colour: '--received' }],
});

const words = { idle: 'Connected', waiting: 'Waiting for a picture', recording: 'Recording', paused: 'Paused' };

const finished = new Map();
const page = new CallPage({
  channel: 'control',
  button: 'connect',
  show,
  closed,
  lost: 'The connection to the .NET process was lost. What it had recorded is complete.',
  ended: 'The .NET process ended the call.',
});

$('connect').addEventListener('click', () => page.start(open));
$('hang-up').addEventListener('click', () => page.stop());
for (const [button, command] of [['record', 'record'], ['resume', 'record'], ['pause', 'pause'], ['stop', 'stop']]) {
  $(button).addEventListener('click', () => tell(command));
}

async function open() {
  const source = await openSource($('source').value);
  const call = new Call({ channels: { control: {} } });
  const mine = { call, source, state: null };
  call.channel('control').addEventListener('open', () => page.isOn(mine) && tell('record'));
  call.addEventListener('message', ({ detail }) => page.isOn(mine) && onStatus(mine, JSON.parse(detail.data)));
  mine.timer = setInterval(() => chart.push([mine.state?.videoKilobits, mine.state?.audioKilobits]), 1000);
  chart.clear();
  meter.attach(source.stream);
  const video = $('own-video');
  if (source.stream.getVideoTracks().length) {
    video.srcObject = source.stream;
    video.classList.toggle('mirror', source.mirror);
    video.parentElement.classList.add('live');
  }
  return mine;
}

function closed() {
  meter.detach();
  $('own-video').srcObject = null;
  $('own-video').parentElement.classList.remove('live');
}

function tell(command) {
  const control = page.session?.call.channel('control');
  if (control?.readyState === 'open') {
    control.send(JSON.stringify({ type: command }));
  }
}

function onStatus(mine, status) {
  mine.state = status;
  for (const file of status.files) {
    if (!finished.has(file.name)) {
      finished.set(file.name, file);
      addFile(file);
    }
  }
  if (status.error && status.error !== mine.error) {
    showError(status.error);
  }
  mine.error = status.error;
  page.show();
}

function addFile({ name, seconds, bytes: size }) {
  const item = document.createElement('li');
  item.dataset.seconds = seconds;
  const title = document.createElement('span');
  title.className = 'file';
  title.textContent = name;
  const facts = document.createElement('small');
  facts.textContent = `${clock(seconds)} · ${bytes(size)}`;
  const play = document.createElement('button');
  play.className = 'small';
  play.type = 'button';
  play.textContent = 'Play';
  play.setAttribute('aria-label', `Play ${name}`);
  play.addEventListener('click', () => {
    $('player').hidden = false;
    $('player').src = `recordings/${name}`;
    $('player').play().catch(() => {});
  });
  const link = document.createElement('a');
  link.href = `recordings/${name}`;
  link.download = name;
  link.textContent = 'Download';
  link.setAttribute('aria-label', `Download ${name}`);
  item.append(title, facts, play, link);
  $('files').prepend(item);
  $('no-files').hidden = true;
}

function clock(seconds) {
  const whole = Math.floor(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}

function show(session) {
  const call = session?.call;
  const status = session?.state;
  const connected = call?.channel('control').readyState === 'open';
  const state = status?.state.toLowerCase();
  showStatus(
    !call ? 'new' : !connected || state === 'waiting' || state === 'paused' ? 'connecting' : 'connected',
    !call ? 'Ready' : !connected ? 'Connecting' : words[state] ?? 'Connected',
  );

  $('connect').hidden = Boolean(call);
  $('source').disabled = Boolean(call);
  $('record').hidden = !connected || state !== 'idle';
  $('pause').hidden = state !== 'recording';
  $('resume').hidden = state !== 'paused';
  $('stop').hidden = !connected || !state || state === 'idle';
  $('hang-up').hidden = !call;

  $('live').hidden = state !== 'recording' && state !== 'paused';
  $('live').classList.toggle('paused', state === 'paused');
  $('live-text').textContent = `${state === 'paused' ? 'PAUSE' : 'REC'} ${clock(status?.seconds ?? 0)}`;
  const { videoWidth, videoHeight } = $('own-video');
  $('own-badge').hidden = !call || !videoWidth;
  $('own-badge').textContent = `${videoWidth} × ${videoHeight}`;

  const on = Boolean(status?.file);
  $('fact-state').textContent = words[state] ?? '–';
  $('fact-duration').textContent = on ? `${status.seconds.toFixed(1)} s` : '–';
  $('fact-size').textContent = on ? bytes(status.bytes) : '–';
  $('fact-frames').textContent = on ? String(status.videoFrames) : '–';
  $('fact-video').textContent = on ? `${status.videoKilobits.toFixed(0)} kbit/s` : '–';
  $('fact-audio').textContent = on ? `${status.audioKilobits.toFixed(0)} kbit/s` : '–';
  $('fact-file').textContent = status?.file ?? '–';
}
