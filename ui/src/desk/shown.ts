import { nextTick } from 'vue'

const PAINT_WITHIN_MS = 100

/**
 * Resolves when what was just rendered is on the screen. A hidden page paints nothing and gets no
 * animation frames: there, being in the document is all that can be said.
 */
export async function painted(): Promise<void> {
  await nextTick()
  if (document.visibilityState === 'hidden') return
  await new Promise<void>((resolve) => {
    requestAnimationFrame(() => resolve())
    window.setTimeout(resolve, PAINT_WITHIN_MS)
  })
}
