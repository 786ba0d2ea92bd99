// Runs before the first paint, so that a dark page does not flash white.
;(function () {
  var theme = null
  var language = null
  try {
    theme = localStorage.getItem('cc.theme')
    language = localStorage.getItem('cc.language')
  } catch (refused) {
    // Storage may be forbidden; the system's own preference is used then.
  }
  var dark = theme ? theme === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches
  document.documentElement.classList.toggle('dark', dark)
  if (language === 'en') document.documentElement.lang = 'en'
})()
