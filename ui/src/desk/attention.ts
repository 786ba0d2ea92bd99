/** Tells an agent who looks elsewhere that a call comes: a desktop notice and a flashing title. */

import { ref } from 'vue'

const FLASH_MS = 900

type Permission = NotificationPermission | 'unsupported'

export const permission = ref<Permission>(
  'Notification' in window ? Notification.permission : 'unsupported',
)

/** Asks the browser; to be called from a click only. */
export async function askPermission(): Promise<void> {
  if (permission.value !== 'default') return
  permission.value = await Notification.requestPermission()
}

let flash = 0
let shown: Notification | null = null
let calmTitle = document.title

export function setTitle(text: string): void {
  calmTitle = text
  if (!flash) document.title = text
}

/** Flashes until the agent looks at the page or `stopCalling`. */
export function startCalling(title: string, body: string): void {
  stopCalling()
  if (document.visibilityState === 'visible' && document.hasFocus()) return
  let on = false
  const turn = () => {
    on = !on
    document.title = on ? title : calmTitle
  }
  turn()
  flash = window.setInterval(turn, FLASH_MS)
  window.addEventListener('focus', stopCalling, { once: true })
  if (permission.value !== 'granted') return
  shown = new Notification(title, { body, tag: 'cc-pop', icon: './icon.svg' })
  shown.onclick = () => {
    window.focus()
    stopCalling()
  }
}

export function stopCalling(): void {
  window.removeEventListener('focus', stopCalling)
  window.clearInterval(flash)
  flash = 0
  document.title = calmTitle
  shown?.close()
  shown = null
}
