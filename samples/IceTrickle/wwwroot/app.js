// Gathers twice with the same servers: in the process that served this page, and in the browser.
const byId = (id) => document.getElementById(id);

class Table {
  constructor(place) {
    this.place = place;
    this.clear();
  }

  clear() {
    this.place.replaceChildren(byId('table').content.cloneNode(true));
    this.rows = this.place.querySelector('tbody');
    this.verdicts = this.place.querySelector('.verdicts');
    this.end = this.place.querySelector('.end');
  }

  show(happened) {
    const time = happened.timeMs.toFixed(1);
    switch (happened.event) {
      case 'candidate': {
        const protocol = happened.relayProtocol ? `${happened.protocol}/${happened.relayProtocol}` : happened.protocol;
        const address = happened.address?.includes(':') ? `[${happened.address}]:${happened.port}` : `${happened.address}:${happened.port}`;
        const tag = document.createElement('span');
        tag.className = 'tag';
        tag.dataset.type = happened.type;
        tag.textContent = happened.type;
        this.addRow('', time, tag, protocol, address, happened.priority, happened.url);
        break;
      }
      case 'error':
        this.addRow('error-row', time, 'error', happened.code, happened.text, '', happened.url);
        break;
      case 'server': {
        const item = document.createElement('li');
        item.className = happened.ok ? 'good' : 'bad';
        item.textContent = `${happened.url} ${happened.text}`;
        this.verdicts.append(item);
        break;
      }
      default:
        this.end.textContent = `${happened.text} ${time} ms`;
    }
  }

  addRow(kind, ...columns) {
    const row = this.rows.insertRow();
    row.className = kind;
    columns.forEach((column, i) => {
      const cell = row.insertCell();
      cell.append(column ?? '');
      if (i === 3) {
        cell.className = 'address';
      }
    });
  }
}

const tables = { process: new Table(byId('process')), browser: new Table(byId('browser')) };

function addServer(url = '') {
  const row = byId('server').content.cloneNode(true).firstElementChild;
  row.querySelector('.url').value = url;
  row.querySelector('.remove').onclick = () => row.remove();
  byId('servers').append(row);
  return row;
}

function read() {
  const servers = [...document.querySelectorAll('.server')].map((row) => ({
    url: row.querySelector('.url').value.trim(),
    username: row.querySelector('.user').value || null,
    credential: row.querySelector('.word').value || null,
  }));
  return { servers, relayOnly: byId('relay-only').checked };
}

async function gatherInProcess(request) {
  const response = await fetch('gather', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(request) });
  if (!response.ok) {
    throw new Error(response.status === 503 ? 'The process is gathering for others: try again in a moment.' : await response.text());
  }

  let rest = '';
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    const lines = (rest + part.value).split('\n');
    rest = lines.pop();
    lines.filter((line) => line.length > 0).forEach((line) => tables.process.show(JSON.parse(line)));
  }
}

async function gatherInBrowser(request) {
  const pc = new RTCPeerConnection({
    iceServers: request.servers.map((s) => (s.username === null ? { urls: s.url } : { urls: s.url, username: s.username, credential: s.credential ?? '' })),
    iceTransportPolicy: request.relayOnly ? 'relay' : 'all',
  });
  try {
    const start = performance.now();
    const now = () => performance.now() - start;
    const gathered = new Promise((done) => {
      setTimeout(() => done('Time is up.'), 10_000);
      pc.onicecandidate = (e) => {
        if (!e.candidate) {
          done('Gathering is complete.');
        } else if (e.candidate.candidate) {
          const c = e.candidate;
          tables.browser.show({
            event: 'candidate', timeMs: now(), type: c.type, protocol: c.protocol, address: c.address, port: c.port, priority: c.priority, relayProtocol: c.relayProtocol, url: c.url,
          });
        }
      };
      pc.onicecandidateerror = (e) => tables.browser.show({ event: 'error', timeMs: now(), code: e.errorCode, text: e.errorText, url: e.url });
    });
    pc.createDataChannel('candidates');
    await pc.setLocalDescription(await pc.createOffer());
    tables.browser.show({ event: 'end', timeMs: now(), text: await gathered });
  } finally {
    pc.close();
  }
}

function setState(state, text) {
  byId('status').dataset.state = state;
  byId('status-text').textContent = text;
}

byId('add').onclick = () => addServer().querySelector('.url').focus();
byId('form').onsubmit = async (e) => {
  e.preventDefault();
  const request = read();
  byId('error').hidden = true;
  byId('gather').disabled = true;
  setState('connecting', 'Gathering');
  tables.process.clear();
  tables.browser.clear();
  const results = await Promise.allSettled([gatherInProcess(request), gatherInBrowser(request)]);
  const failures = results.filter((r) => r.status === 'rejected').map((r) => r.reason.message);
  byId('error-text').textContent = failures.join(' ');
  byId('error').hidden = failures.length === 0;
  byId('gather').disabled = false;
  setState(failures.length === 0 ? 'connected' : 'failed', failures.length === 0 ? 'Gathered' : 'Failed');
};

addServer('stun:stun.example.org:3478');
