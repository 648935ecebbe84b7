import { Call } from './call.js';
import { Chart } from './charts.js';
import { Chat } from './chat.js';
import { Meter } from './meter.js';
import { $, CallPage, press, showConnection, showError } from './page.js';
import { openSource, openVideo } from './sources.js';
import { Sampler } from './stats.js';

const chat = new Chat($('log'));
const ownMeter = new Meter($('own-meter'));
const echoMeter = new Meter($('echo-meter'));
const sentAndReceived = [{ name: 'sent', colour: '--sent' }, { name: 'received', colour: '--received' }];
const charts = {
  video: new Chart($('chart-video'), { title: 'Video', unit: 'kbit/s', floor: 100, series: sentAndReceived }),
  audio: new Chart($('chart-audio'), { title: 'Audio', unit: 'kbit/s', floor: 20, series: sentAndReceived }),
  loss: new Chart($('chart-loss'), { title: 'Packet loss', unit: '%', floor: 5, digits: 1, series: sentAndReceived }),
  delay: new Chart($('chart-delay'), {
    title: 'Round trip', unit: 'ms', floor: 5, digits: 1,
    series: [{ name: 'ICE', colour: '--sent' }, { name: 'data', colour: '--received' }, { name: 'media', colour: '--third' }],
  }),
};

const page = new CallPage({
  channel: 'chat',
  button: 'start',
  show,
  closed,
  lost: 'No way to the peer was found. Is its address reachable from this browser? EchoPeer prints the addresses that it offers.',
  ended: 'The peer ended the call.',
});

$('start').addEventListener('click', () => page.start(open));
$('stop').addEventListener('click', () => page.stop('The call was ended.'));
$('mute').addEventListener('click', () => toggleTracks('mute', 'audio'));
$('blank').addEventListener('click', () => toggleTracks('blank', 'video'));
$('restart').addEventListener('click', () => page.session?.call.restartIce());
$('add-video').addEventListener('click', addVideo);
$('silence').addEventListener('click', () => {
  $('echo-video').muted = press('silence');
});
$('chat-form').addEventListener('submit', (e) => {
  e.preventDefault();
  sendChat($('chat-text').value);
});

async function open() {
  const source = await openSource($('source').value);
  const call = new Call({ channels: { chat: {}, probe: { ordered: false, maxRetransmits: 0 } } });
  const mine = { call, source, added: [], sampler: new Sampler(), probe: null, echo: new MediaStream() };
  call.addEventListener('track', (e) => onTrack(mine, e.detail));
  call.addEventListener('message', ({ detail: { label, data } }) => {
    if (label === 'chat') {
      chat.returned(data);
    } else {
      mine.probe = { at: performance.now(), took: performance.now() - Number(data) };
    }
  });
  mine.timer = setInterval(() => measure(mine), 1000);
  Object.values(charts).forEach((chart) => chart.clear());
  showOwn(source);
  return mine;
}

function closed(session, note) {
  if (session) {
    session.added.forEach((source) => source.close());
    chat.note(note ?? 'The call ended.');
  }
  ownMeter.detach();
  echoMeter.detach();
  for (const name of ['own', 'echo']) {
    $(`${name}-video`).srcObject = null;
    $(`${name}-video`).parentElement.classList.remove('live');
    $(`${name}-badge`).hidden = true;
  }
  for (const id of ['mute', 'blank']) {
    $(id).setAttribute('aria-pressed', 'false');
  }
}

function onTrack(mine, { track }) {
  mine.echo.addTrack(track);
  const video = $('echo-video');
  video.srcObject = mine.echo;
  video.play().catch(() => {});
  if (track.kind === 'video') {
    video.parentElement.classList.add('live');
  } else {
    echoMeter.attach(new MediaStream([track]));
  }
}

async function addVideo() {
  const mine = page.session;
  $('add-video').disabled = true;
  try {
    const source = await openVideo();
    if (!page.isOn(mine)) {
      source.close();
      return;
    }
    mine.added.push(source);
    mine.call.addTracks(source.stream);
    showOwn(source, false);
    page.show();
  } catch (error) {
    showError(error.message);
  } finally {
    $('add-video').disabled = false;
  }
}

function showOwn(source, withSound = true) {
  const video = $('own-video');
  if (withSound) {
    ownMeter.attach(source.stream);
  }
  if (source.stream?.getVideoTracks().length) {
    video.srcObject = source.stream;
    video.classList.toggle('mirror', source.mirror);
    video.parentElement.classList.add('live');
  }
}

function ownTracks(session, kind) {
  return session ? [session.source, ...session.added].flatMap((s) => s.stream?.getTracks().filter((t) => t.kind === kind) ?? []) : [];
}

function toggleTracks(button, kind) {
  const off = press(button);
  for (const track of ownTracks(page.session, kind)) {
    track.enabled = !off;
  }
}

function sendChat(text) {
  if (!text.trim() || page.session?.call.channel('chat').readyState !== 'open') {
    return;
  }
  chat.sent(text);
  page.session.call.channel('chat').send(text);
  $('chat-text').value = '';
}

function show(session) {
  const call = session?.call;
  const pc = call?.pc;
  const state = pc?.connectionState;
  showConnection(pc);

  $('start').hidden = Boolean(call);
  $('source').disabled = Boolean(call);
  $('stop').hidden = !call;
  $('restart').hidden = state !== 'connected';
  $('mute').hidden = ownTracks(session, 'audio').length === 0;
  $('blank').hidden = ownTracks(session, 'video').length === 0;
  $('add-video').hidden = state !== 'connected' || ownTracks(session, 'video').length > 0;

  const open = call?.channel('chat').readyState === 'open';
  $('chat-text').disabled = !open;
  $('chat-send').disabled = !open;
  $('chat-text').placeholder = open ? 'Write something' : 'Start the echo to write';

  $('fact-connection').textContent = state ?? '–';
  $('fact-signaling').textContent = pc?.signalingState ?? '–';
  $('fact-ice').textContent = pc?.iceConnectionState ?? '–';
  $('fact-gathering').textContent = pc?.iceGatheringState ?? '–';
  $('fact-channel').textContent = call?.channel('chat').readyState ?? '–';
  $('fact-setup').textContent = call?.connectedAfter ? `${call.connectedAfter.toFixed(0)} ms` : '–';
  if (!call) {
    for (const id of ['pair', 'security', 'video', 'audio']) {
      $(`fact-${id}`).textContent = '–';
    }
  }
}

async function measure(mine) {
  const { call, sampler } = mine;
  if (call.channel('probe').readyState === 'open') {
    call.channel('probe').send(String(performance.now()));
  }
  const sample = await sampler.sample(call.pc);
  if (!page.isOn(mine)) {
    return;
  }
  for (const kind of ['video', 'audio']) {
    const { sent, received } = sample[kind];
    charts[kind].push([sent?.kilobits, received?.kilobits]);
    $(`fact-${kind}`).textContent = describeFlow(sent, received);
  }
  charts.loss.push([sample.sentLoss, sample.receivedLoss]);
  charts.delay.push([milliseconds(sample.pair?.roundTrip), recent(mine.probe), milliseconds(sample.mediaDelay)]);
  showBadge('own', sample.video.sent);
  showBadge('echo', sample.video.received);
  $('fact-pair').textContent = sample.pair ? `${sample.pair.local} ⇄ ${sample.pair.remote}` : '–';
  $('fact-security').textContent = describeSecurity(sample.transport);
}

// Probes are not repeated: a lost one leaves the value before, several lost ones leave a gap.
function recent(probe) {
  return probe && performance.now() - probe.at < 3000 ? probe.took : null;
}

function milliseconds(seconds) {
  return seconds === null || seconds === undefined ? null : seconds * 1000;
}

function describeFlow(sent, received) {
  const side = (name, flow) => flow && `${name} ${flow.codec || 'unknown codec'}`;
  return [side('sends', sent), side('receives', received)].filter(Boolean).join(' · ') || '–';
}

const versions = { FEFD: 'DTLS 1.2', FEFC: 'DTLS 1.3' };

function describeSecurity(transport) {
  const version = versions[transport?.tlsVersion?.toUpperCase()];
  return [version, transport?.dtlsCipher, transport?.srtpCipher].filter(Boolean).join(' · ') || '–';
}

function showBadge(name, flow) {
  const badge = $(`${name}-badge`);
  badge.hidden = !flow?.width;
  badge.textContent = flow?.width ? `${flow.width} × ${flow.height} · ${Math.round(flow.frames ?? 0)} fps` : '';
}
