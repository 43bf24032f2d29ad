// The page with the buttons, and the way to the playground. It came with a link whose secret stands behind the #: taken out of
// the address before anything else, and good for one use.
const place = 'fastchat.demo'
const everyMs = 1000
const words = { up: '● up', slow: '▲ held back', starting: '○ being started' }
const doors = [
  ['alice', 'Chat as alice'],
  ['bob', 'Chat as bob'],
  ['dashboard', 'Dashboard'],
  ['playground', 'Playground'],
]
const at = (id) => document.getElementById(id)
const say = (line) => {
  at('said').textContent = line
}

const secret = /^#demo=(.+)$/.exec(location.hash)?.[1]
if (location.hash !== '') history.replaceState(null, '', location.pathname)

let key = sessionStorage.getItem(place)
try {
  await enter()
} catch (error) {
  say(error.message)
}

async function enter() {
  if (secret !== undefined) {
    const opened = await ask('redeem', { secret })
    if (opened.kind === 'go') return location.replace(opened.url)
    if (opened.kind !== 'desk') throw new Error('This link belongs elsewhere.')
    key = opened.key
    sessionStorage.setItem(place, key)
  }
  if (key === null) throw new Error('npm run demo -- links prints a link that opens this page.')
  await look()
  await renewLinks()
  say('Everything here is on this machine, and deleted when the demo ends.')
  at('desk').hidden = false
  at('carol').addEventListener('click', () => {
    void wish({ verb: 'carol', isOnline: at('carol').dataset.online !== 'true' })
  })
  setInterval(() => void look().catch(({ message }) => say(message)), everyMs)
}

async function ask(what, question) {
  const answer = await fetch(`/demo/${what}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      ...(key !== null && { authorization: `Bearer ${key}` }),
    },
    body: JSON.stringify(question),
  }).catch(() => {
    throw new Error('The demo does not answer. It may have been stopped.')
  })
  const told = await answer.json().catch(() => ({}))
  if (!answer.ok) throw new Error(told.problem ?? 'The demo does not answer.')
  return told
}

async function wish(question) {
  try {
    say((await ask('do', question)).said)
    await look()
  } catch (error) {
    say(error.message)
  }
}

async function renewLinks() {
  const { links } = await ask('do', { verb: 'links' })
  at('links').replaceChildren(...doors.map(([door, text]) => linkTo(links[door], text)))
}

function linkTo(address, text) {
  const link = document.createElement('a')
  Object.assign(link, { href: address, target: '_blank', rel: 'noopener', textContent: text })
  // After the browser has taken the address, which is spent by this.
  for (const kind of ['click', 'auxclick'])
    link.addEventListener(kind, () =>
      setTimeout(() => void renewLinks().catch(({ message }) => say(message)), 0),
    )
  return link
}

async function look() {
  const state = await ask('state', {})
  at('lifetime').textContent = state.lifetimeSeconds
  at('carol-state').textContent = state.carol ? 'online' : 'offline'
  at('carol').textContent = state.carol ? 'Send carol away' : 'Bring carol online'
  at('carol').dataset.online = state.carol
  if (at('servers').children.length === 0)
    at('servers').append(...state.servers.map(({ id }) => rowOf(id)))
  for (const { id, state: how } of state.servers)
    at(`server-${id}`).textContent = `Server ${id}: ${words[how]}`
}

function rowOf(id) {
  const row = document.createElement('li')
  const name = document.createElement('span')
  name.id = `server-${id}`
  row.append(name, button(`Kill ${id}`, 'kill', id), button(`Slow ${id}`, 'slow', id))
  return row
}

function button(text, verb, server) {
  const made = document.createElement('button')
  made.type = 'button'
  made.textContent = text
  made.addEventListener('click', () => void wish({ verb, server }))
  return made
}
