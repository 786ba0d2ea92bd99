/** Light or dark, remembered in this browser; the first paint is done by public/appearance.js. */

import { ref } from 'vue'

export const dark = ref(document.documentElement.classList.contains('dark'))

export function setDark(value: boolean): void {
  dark.value = value
  document.documentElement.classList.toggle('dark', value)
  remember('cc.theme', value ? 'dark' : 'light')
}

/** Storage may be forbidden by the browser's settings; then the choice lives as long as the page. */
export function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value)
  } catch (refused) {
    console.info('not remembered', key, refused)
  }
}

export function recall(key: string): string | null {
  try {
    return localStorage.getItem(key)
  } catch {
    return null
  }
}
