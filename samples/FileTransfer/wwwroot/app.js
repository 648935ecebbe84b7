import { Download } from './download.js';
import { Peer } from './peer.js';
import { Row } from './row.js';
import { cleanStorage } from './storage.js';
import { Upload } from './upload.js';

const $ = (id) => document.getElementById(id);
const uploadsAtOnce = 3;
const states = { connecting: 'Connecting', connected: 'Connected', lost: 'Not connected' };

const peer = new Peer();
const rows = new Map();
let uploads = [];
let downloads = [];
let peerReceives = false;

peer.addEventListener('change', showState);
peer.addEventListener('greeted', ({ detail }) => {
  peerReceives = detail.receives === true;
  showState();
  sendNext();
});
peer.addEventListener('channel', ({ detail }) => receive(detail));
$('retry').addEventListener('click', () => peer.connect());
$('receive-all').addEventListener('click', () => downloads.filter((d) => d.state === 'offered').forEach((d) => d.accept()));
$('files').addEventListener('change', (e) => {
  send(e.target.files);
  e.target.value = '';
});

// The whole window takes files: a miss would make the browser open the file in place of the page.
let dragDepth = 0;
addEventListener('dragenter', (e) => drag(e, 1));
addEventListener('dragleave', (e) => drag(e, -1));
addEventListener('dragover', (e) => e.preventDefault());
addEventListener('drop', (e) => {
  drag(e, -dragDepth);
  send(e.dataTransfer.files);
});
addEventListener('beforeunload', (e) => {
  if ([...uploads, ...downloads].some((t) => t.active)) {
    e.preventDefault();
  }
});
setInterval(showProgress, 250);
cleanStorage();
peer.connect();

function drag(e, step) {
  e.preventDefault();
  dragDepth += step;
  $('drop').classList.toggle('over', dragDepth > 0);
}

function send(files) {
  for (const file of files) {
    const upload = new Upload(file);
    if (!uploads.some((u) => u.active && u.id === upload.id)) {
      uploads.push(upload);
      add(upload, $('sent'));
    }
  }
  sendNext();
}

function sendNext() {
  const waiting = uploads.filter((u) => u.channel === null && (u.state === 'waiting' || u.state === 'interrupted'));
  const room = uploadsAtOnce - uploads.filter((u) => u.channel !== null).length;
  if (peer.state !== 'connected' || !peerReceives) {
    return;
  }
  for (const upload of waiting.slice(0, Math.max(0, room))) {
    upload.run(peer.openFileChannel()).then(sendNext);
  }
}

/** The peer has opened a channel to offer a file, perhaps one that came half before the connection was lost. */
async function receive(channel) {
  try {
    const offer = await channel.next('offer');
    const offered = new Download({ name: String(offer.name), size: Number(offer.size), lastModified: Number(offer.lastModified ?? 0) });
    const known = downloads.find((d) => d.id === offered.id && d.state !== 'cancelled');
    if (known?.state === 'done') {
      channel.cancel('It has arrived already.');
      return;
    }
    const download = known ?? offered;
    if (!known) {
      downloads.push(download);
      add(download, $('received'));
    }
    await download.run(channel);
  } catch (error) {
    channel.cancel(error.message);
  }
}

function add(transfer, list) {
  const row = new Row(transfer, list);
  rows.set(transfer, row);
  transfer.addEventListener('change', () => {
    if (transfer.state === 'done') {
      announce(`${transfer.name} has arrived, and its SHA-256 is right.`);
    } else if (transfer.state === 'cancelled') {
      announce(`${transfer.name}: cancelled. ${transfer.remark}`);
    } else if (transfer.state === 'gone') {
      row.remove();
      forget(transfer);
    }
    showState();
  });
  showState();
}

function forget(transfer) {
  rows.delete(transfer);
  uploads = uploads.filter((u) => u !== transfer);
  downloads = downloads.filter((d) => d !== transfer);
}

function announce(text) {
  $('news').textContent = text;
}

function showProgress() {
  for (const [transfer, row] of rows) {
    if (transfer.state === 'running') {
      row.show();
    }
  }
}

function showState() {
  $('status-text').textContent = states[peer.state];
  $('status').dataset.state = peer.state === 'lost' ? 'failed' : peer.state;
  $('error').hidden = peer.state === 'connected' || peer.problem === '';
  $('error-text').textContent = `${peer.problem} What is half done goes on when the connection is back.`;
  $('takes-none').hidden = peer.state !== 'connected' || peerReceives;
  $('receive-all').hidden = downloads.filter((d) => d.state === 'offered').length < 2;
  $('sent-none').hidden = $('sent').childElementCount > 0;
  $('received-none').hidden = $('received').childElementCount > 0;
}
