/** Durations and moments as people read them. */

export function clockText(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds))
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(whole / 3600)
  const rest = `${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`
  return hours > 0 ? `${hours}:${rest}` : rest
}

/** `—` for what was never measured: it is not zero. */
export function durationText(seconds: number | null | undefined): string {
  return seconds === null || seconds === undefined ? '—' : clockText(seconds)
}

export function momentText(iso: string | null | undefined, language: string): string {
  if (!iso) return '—'
  const moment = new Date(iso)
  const today = new Date().toDateString() === moment.toDateString()
  return new Intl.DateTimeFormat(language, {
    ...(today ? {} : { month: 'short', day: 'numeric' }),
    hour: '2-digit',
    minute: '2-digit',
    second: today ? '2-digit' : undefined,
    hourCycle: 'h23',
  }).format(moment)
}

export function dayText(iso: string, language: string): string {
  return new Intl.DateTimeFormat(language, {
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso))
}
