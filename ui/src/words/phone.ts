/** Groups the digits of a Chinese mobile number; any other number is shown as it came. */
export function phoneText(number: string): string {
  const mobile = /^(\+?86)?(1\d{2})(\d{4})(\d{4})$/.exec(number)
  if (!mobile) return number
  const prefix = mobile[1] ? '+86 ' : ''
  return `${prefix}${mobile[2]} ${mobile[3]} ${mobile[4]}`
}
