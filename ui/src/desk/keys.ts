/** The desk's keys. F8, F9, F4 and F2 mean nothing to browsers; digits count only outside of fields. */

import { onMounted, onUnmounted } from 'vue'

export interface DeskKeys {
  ready(): void
  notReady(): void
  search(): void
  moreWrapUp(): void
  digit(digit: number): void
  save(): void
}

export function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement &&
    (target.isContentEditable || target.matches('input, textarea, select'))
  )
}

export function useDeskKeys(keys: DeskKeys): void {
  const listen = (event: KeyboardEvent) => {
    // A key that ends the composing of a Chinese word is not meant for us.
    if (event.isComposing || event.repeat) return
    const act = actionOf(event, keys)
    if (!act) return
    event.preventDefault()
    act()
  }
  onMounted(() => window.addEventListener('keydown', listen))
  onUnmounted(() => window.removeEventListener('keydown', listen))
}

function actionOf(event: KeyboardEvent, keys: DeskKeys): (() => void) | null {
  if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) return keys.save
  if (event.ctrlKey || event.metaKey || event.altKey) return null
  if (event.key === 'F8') return keys.ready
  if (event.key === 'F9') return keys.notReady
  if (event.key === 'F4') return keys.moreWrapUp
  if (event.key === 'F2') return keys.search
  if (/^[1-9]$/.test(event.key) && !isTyping(event.target)) return () => keys.digit(Number(event.key))
  return null
}
