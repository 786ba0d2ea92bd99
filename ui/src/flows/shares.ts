/** A share as people read it; `—` for what was never measured. */
export function shareText(share: number | null | undefined): string {
  if (share === null || share === undefined) return '—'
  return `${(share * 100).toFixed(share > 0 && share < 0.1 ? 1 : 0)}%`
}
