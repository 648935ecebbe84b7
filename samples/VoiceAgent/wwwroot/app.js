import { Call } from './call.js';
import { Meter } from './meter.js';
import { $, CallPage, press, showConnection, showError } from './page.js';
import { Pitch } from './pitch.js';
import { openSource } from './sources.js';
import { openVoice } from './voice.js';

const meter = new Meter($('agent-meter'));
const words = { listening: 'Listening', hearing: 'Hearing you', thinking: 'Thinking', speaking: 'Speaking' };

const page = new CallPage({ channel: 'turns', button: 'start', show, closed });

$('start').addEventListener('click', () => page.start(open));
$('stop').addEventListener('click', () => page.stop());
$('talk').addEventListener('click', () => page.session?.source.talk?.(press('talk')));

async function open() {
  const source = $('source').value === 'voice' ? openVoice() : await openSource('microphone');
  const call = new Call({ channels: { turns: {} } });
  const mine = { call, source, latencies: [], turns: 0, pitch: null };
  call.addEventListener('track', ({ detail }) => onTrack(mine, detail.track));
  call.addEventListener('message', ({ detail }) => page.isOn(mine) && onEvent(mine, JSON.parse(detail.data)));
  $('turns').replaceChildren();
  $('no-turns').hidden = false;
  return mine;
}

function closed(session) {
  session?.pitch?.close();
  meter.detach();
  $('audio').srcObject = null;
  $('talk').setAttribute('aria-pressed', 'false');
}

function onTrack(mine, track) {
  const stream = new MediaStream([track]);
  $('audio').srcObject = stream;
  $('audio').play().catch(() => {});
  meter.attach(stream);
  mine.pitch = new Pitch(stream);
  showCodec(mine);
  mine.timer = setInterval(() => {
    const hertz = mine.pitch.measure();
    $('fact-pitch').textContent = hertz ? `${hertz.toFixed(0)} Hz` : '–';
  }, 100);
}

// What is negotiated is known at once; statistics tell it only of what has been sent.
function showCodec(mine) {
  const [codec] = mine.call.pc.getSenders().find((sender) => sender.track?.kind === 'audio')?.getParameters().codecs ?? [];
  $('fact-codec').textContent = codec ? `${codec.mimeType.replace('audio/', '')}, ${codec.clockRate / 1000} kHz` : '–';
}

function onEvent(mine, e) {
  switch (e.type) {
    case 'levels':
      showLevels(e);
      break;
    case 'turn-began':
      mine.turns = e.turn;
      $('fact-turns').textContent = String(e.turn);
      addTurn(`turn-${e.turn}`, 'you', `at ${e.start.toFixed(1)} s`, 'speaking', e.interrupted ? 'interrupts the agent' : '');
      break;
    case 'turn-ended':
      changeTurn(`turn-${e.turn}`, `${e.duration.toFixed(2)} s`);
      break;
    case 'answer-began':
      mine.latencies.push(e.latency);
      $('fact-latency').textContent = `${e.latency.toFixed(0)} ms`;
      $('fact-median').textContent = `${median(mine.latencies).toFixed(0)} ms`;
      addTurn(`answer-${e.turn}`, 'agent', `after ${e.latency.toFixed(0)} ms, of which the agent ${e.agentLatency.toFixed(0)} ms`, 'speaking', '');
      break;
    case 'answer-ended':
      changeTurn(`answer-${e.turn}`, `${e.duration.toFixed(2)} s`, e.interrupted ? 'interrupted' : '');
      if (e.error) {
        showError(e.error);
      }
      break;
  }
}

function addTurn(id, by, when, how, mark) {
  const item = document.createElement('li');
  item.id = id;
  item.dataset.by = by;
  const name = document.createElement('b');
  name.textContent = by === 'you' ? 'You' : 'Agent';
  const length = document.createElement('span');
  length.className = 'length';
  length.textContent = how;
  const small = document.createElement('small');
  small.textContent = when;
  const note = document.createElement('span');
  note.className = 'mark';
  note.textContent = mark;
  item.append(name, length, small, note);
  $('turns').append(item);
  while ($('turns').childElementCount > 200) {
    $('turns').firstElementChild.remove();
  }
  $('turns').scrollTop = $('turns').scrollHeight;
  $('no-turns').hidden = true;
}

function changeTurn(id, length, mark) {
  const item = document.getElementById(id);
  if (item) {
    item.querySelector('.length').textContent = length;
    if (mark) {
      item.querySelector('.mark').textContent = mark;
    }
  }
}

function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}

function showLevels({ state, level, floor, threshold }) {
  const at = (decibels) => `${Math.max(0, Math.min(100, (100 * (decibels + 90)) / 90)).toFixed(1)}%`;
  $('level').setAttribute('aria-valuenow', String(Math.max(-90, Math.round(level))));
  $('level').querySelector('.bar').style.setProperty('--at', at(level));
  $('level').querySelector('.floor').style.setProperty('--at', at(floor));
  $('level').querySelector('.threshold').style.setProperty('--at', at(threshold));
  $('fact-level').textContent = `${level.toFixed(0)} dB`;
  $('fact-floor').textContent = `${floor.toFixed(0)} dB`;
  $('fact-threshold').textContent = `${threshold.toFixed(0)} dB`;
  $('fact-state').textContent = words[state] ?? state;
}

function show(session) {
  const pc = session?.call.pc;
  showConnection(pc);
  $('start').hidden = Boolean(pc);
  $('source').disabled = Boolean(pc);
  $('stop').hidden = !pc;
  $('talk').hidden = pc?.connectionState !== 'connected' || !session.source.talk;
  if (!pc) {
    for (const id of ['level', 'floor', 'threshold', 'turns', 'state', 'codec', 'pitch', 'latency', 'median']) {
      $(`fact-${id}`).textContent = '–';
    }
  }
}
