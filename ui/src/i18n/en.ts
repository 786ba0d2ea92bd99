import type { Sentences } from './zh-CN'

const en: Sentences = {
  app: {
    floor: 'Live queues', flows: 'Flows',
    desk: 'Desk', report: 'Report', calls: 'Calls', logout: 'Log out', language: '中文',
    dark: 'Switch to dark', light: 'Switch to light', close: 'Close', retry: 'Try again', loading: 'Loading…',
    skip: 'Skip to content', nav: 'Main', account: 'Account',
    role: { agent: 'Agent', supervisor: 'Supervisor', administrator: 'Administrator' },
  },
  error: {
    network: 'The server cannot be reached. Check the network.', timeout: 'The server took too long. Please try again.',
    other: 'Something went wrong: {id}', forbidden: 'You may not see this.', missing: 'Not found, or not yours.',
  },
  login: {
    title: 'Log in', username: 'User name', password: 'Password', submit: 'Log in', submitting: 'Logging in…',
    refused: 'User name or password is wrong.', throttled: 'Too many attempts. Try again in 15 minutes.',
    needUsername: 'Enter your user name', needPassword: 'Enter your password', showPassword: 'Show password', hidePassword: 'Hide password',
    ended: 'Your session has ended. Please log in again.', capsLock: 'Caps Lock is on',
    lead: 'Know the caller before it rings.', lead2: 'The card, the answer and the wrap-up on one screen.',
  },
  state: {
    logged_out: 'Logged out', not_ready: 'Not ready', ready: 'Ready', offered: 'Incoming call', talking: 'Talking', wrap_up: 'Wrap-up',
    unknown: 'Connecting', was: 'Offline · was {state}', offline: 'Offline',
  },
  phone: {
    title: 'Phone', idle: 'Phone OK', ringing: 'Phone ringing', busy: 'Phone in use', unreachable: 'Phone offline',
    alarm: 'Your phone is offline: no call can reach you', alarmHint: 'Check that the softphone is registered and the network is up. Calls resume by themselves.',
  },
  desk: {
    ready: 'Ready', notReady: 'Not ready', chooseReason: 'Why not ready?', afterCall: 'After this call: {reason}', otherReason: 'Other',
    idleReady: 'Ready and waiting for a call', idleReadyHint: 'When a call is yours, the customer appears here before your phone rings.',
    idleNotReady: 'Not ready: no calls come to you', idleNotReadyHint: 'Press F8 or “Ready” when you are back.',
    idleLoggedOut: 'You are not signed in to your queues', idleLoggedOutHint: 'Press F8 or “Ready” to start taking calls.',
    idlePhone: 'Phone offline: no call can come', idleOffline: 'Waiting for the server', idleOfflineHint: 'Your true state is shown as soon as the connection is back.',
    connecting: 'Connecting to the server…', offline: 'The connection to the server is lost', offlineHint: 'A call in progress goes on. State and card come back after reconnecting.',
    retryIn: 'next try in {seconds} s', retrying: 'reconnecting…', retryNow: 'Reconnect now',
    takenOver: 'Your desk is open in another page', takenOverHint: 'An agent has one live desk. Calls are shown on the other page.', useHere: 'Use it here',
    notSent: 'No connection: that was not sent.', refused: 'Not done: {text}',
    noticeAsk: 'Turn on desktop notices, and no call is missed while another window is in front.', noticeYes: 'Turn on', noticeNo: 'No, thanks',
    result: {
      missed: 'Missed the call from {who}', refused: 'Rejected the call from {who}', unreachable: 'The call from {who} could not reach your phone', withdrawn: 'The call from {who} was taken by a colleague, or the caller hung up',
    },
    popTitle: 'Call: {who}', answerHint: 'Answer on your phone', rang: 'ringing',
    recent: 'My recent calls', recentNone: 'No calls yet', recentNoneHint: 'Each call you take is listed here.',
    noDisposition: 'No disposition', unfinished: 'A disposition is missing', unfinishedHint: 'Call with {who}', later: 'Dismiss',
  },
  card: {
    unknown: 'Unknown caller', unknownHint: 'No customer has this number. Ask for a name, and keep it in the note.',
    unverified: 'Unverified', unverifiedHint: 'It comes from an untrusted line and may be forged. Verify who is calling.',
    anonymous: 'Number withheld', queue: 'Queue', waited: 'Waited', dnis: 'Dialled', language: 'Language', question: 'Wants to know', path: 'Way through the menu', pathNone: 'Straight into the queue',
    vip: 'VIP', note: 'Customer note', rebuilt: 'The page was reopened: only part of the card could be restored.',
    noCard: 'You are on a call. Its card cannot be restored at the moment.', languages: { 'zh-CN': 'Mandarin', en: 'English' },
    history: 'Past calls', historyCount: '{count}', historyNone: 'First call', historyNoneHint: 'This caller has no earlier calls.',
    copy: 'Copy number', copied: 'Copied',
  },
  knowledge: {
    title: 'Knowledge', suggested: 'Suggested for this call', search: 'Search the knowledge base', none: 'No suggestion', noneHint: 'Type the customer’s question, such as “how to get a refund”.',
    notFound: 'Nothing found for “{q}”', notFoundHint: 'Try other words, or only the key words.', results: 'Results', failed: 'Search is not available at the moment.',
    clear: 'Clear', open: 'Open article', language: 'Language', idleHint: 'Look something up while it is quiet. During calls, articles are suggested by themselves.',
  },
  wrap: {
    more: 'More time', moreLeft: '{count} left', done: 'Done, and ready', untilDone: 'No time limit: press “Done” when you are',
    title: 'Wrap-up', disposition: 'Disposition', note: 'Note', notePlaceholder: 'What the next colleague should know', save: 'Save', saveReady: 'Save and ready', saveBreak: 'Save, not ready',
    missing: 'Choose a disposition first', missingAgain: 'F8 once more: ready now, fill it in later.', saved: 'Saved', left: 'Wrap-up time left', over: 'Wrap-up time is over', talked: 'Talked', duringCall: 'Take notes during the call, save them when it ends.',
    keys: 'Keys 1–{last}', none: 'This site has no dispositions.',
  },
  report: {
    title: 'Queues', today: 'Today', week: 'Last 7 days', period: 'Period', updated: 'Updated {time}', auto: 'every 5 s',
    queue: 'Queue', total: 'Total', offered: 'Offered', answered: 'Answered', abandoned: 'Abandoned', short_abandoned: 'Short abandoned', released: 'Released', waiting: 'Waiting',
    service_level: 'Service level', asa_s: 'ASA', aht_s: 'AHT', longest_wait_s: 'Longest wait', service_level_s: 'within', abandon_rate: 'Abandon rate',
    within: 'within {seconds} s', balanced: 'Balanced', balancedHint: 'offered = answered + abandoned + released + overflowed + to callback + waiting', unbalanced: 'Not balanced: offered ≠ answered + abandoned + released + overflowed + to callback + waiting. Check the journal.',
    overflowed: 'Overflowed', called_back: 'To callback', callbacks: 'Callbacks', callbacksTitle: 'Callbacks', callbacksHint: 'callbacks = connected + given up + still to be made; not part of offered', callbacks_answered: 'Connected', callbacks_given_up: 'Given up', callbacks_open: 'Still to be made',
    surveys: 'Satisfaction', survey: 'Survey', agent: 'Agent', answers: 'Answers', mean: 'Mean', lowest: 'Lowest', lowestHint: 'answers of score 1', meanHint: 'sum of the scores ÷ answers; 1 is the worst, {of} the best', nobody: 'talked with nobody', outOf: '{mean} / {of}', volume: 'Calls by queue', levels: 'Service level by queue', none: 'No calls in this period', noneHint: 'As calls enter a queue, this page follows every 5 seconds.', open: 'Show calls', stale: 'These figures may be old: {why}',
    abandonFormula: 'abandoned ÷ offered', formula: 'Formula', inQueue: 'calls',
  },
  calls: {
    title: 'Calls', mine: 'My calls', arrived: 'Arrived', caller: 'Caller', queue: 'Queue', agent: 'Agent', outcome: 'Outcome', waited: 'Wait', talk: 'Talk',
    disposition: 'Disposition', recording: 'Recording', all: 'All', allQueues: 'All queues', allOutcomes: 'All outcomes', none: 'No call fits', noneHint: 'Change the filter, or wait for new calls.',
    search: 'Number, customer or agent', detail: 'Call', story: 'What happened', flow: 'Flow', called: 'Dialled', hold: 'Hold', wrapUp: 'Wrap-up', pop: 'Pop latency', note: 'Note', callId: 'Call id',
    messages: 'Messages of the caller', message: 'Message {number}', noRecording: 'No recording', speed: 'Speed', last: '{count} calls', refresh: 'Refresh', raw: 'Details', customer: 'Customer', ended: 'Ended', playFailed: 'The recording cannot be played.', ongoing: 'In progress',
  },
  flows: {
    title: 'Flows', steps: '{count} steps', version: 'Version', inForce: 'Publication {number} in force', newest: 'publication {number} is newer and was refused', notRecorded: 'Not recorded yet',
    folder: 'from the folder', published: 'from what was published', by: '{author}, {when}', noNote: 'No note', refused: 'The newest flows were refused; the ones before go on taking calls.', problem: '{file}:{line}:{column}', since: 'since {when}',
    period: 'Period', today: 'Today', week: 'Last 7 days', calls: 'Calls', containment: 'Containment', containmentHint: 'Ended in the flow without an agent: (finished + hung up) ÷ calls whose flow is over. Whoever was queued or transferred is not contained.',
    human: 'To people', finished: 'Finished', hungUp: 'Hung up', picture: 'Picture', whole: 'Whole flow', readable: 'Full size', versions: 'Versions', pictureHint: 'Choose a step to see its texts and figures. The redder the foot of a step, the more callers hang up, stay silent or press wrong keys in it.',
    step: 'Step', says: 'Texts', ways: 'Ways on', figures: 'Figures', visits: 'Visits', left: 'Hung up here', noInput: 'No key', invalid: 'Wrong key', failed: 'Failed', median: 'Median time', seconds: '{seconds} s', none: 'Nothing is said.', noWays: 'The flow ends here.', uses: 'Relies on', key: 'Key {key}', leadsTo: '→ {step}',
    days: 'Last {count} days', daysHint: 'By the day on which calls entered the flow. Containment and hung up count calls whose flow is over.', day: 'Day', dropOff: 'Hung up in the flow', noDays: 'No call began here in these days; a call that comes from another flow counts where it began.',
    publish: 'Publish a change', publishTitle: 'Publish flows', publishHint: 'Choose the flow files that changed, or open a flow and edit it here; all other flows stay as they are. Check first, then publish. Calls that are up are not disturbed.', upload: 'Choose files…', openFlow: 'Open a flow…', drop: 'Remove {file}', noDraft: 'No changed file yet.', publishNote: 'What changed (required)', check: 'Check', checking: 'Checking…', publishDo: 'Publish', publishing: 'Publishing…', sound: 'No problem found: ready to be published.', problems: '{count} problems; nothing was changed:', notFlowFile: '{file} is no flow file: its name has small letters, digits and _, and ends in .yaml.', tooLarge: '{file} is too large: 512 KB at most.', tooMany: '200 files at most.', isNew: 'new flow', unchanged: 'as in force', publishedAs: 'Publication {number} is in force.', publishedNotYet: 'Kept as publication {number}, but not in force; the page says why.', draftLabel: 'Content of {file}', checkFirst: 'Check again after a change.',
    publication: 'No.', when: 'When', author: 'Author', note: 'Note', how: 'How', changes: 'Changes', change: 'What changed', sinceThis: 'From {number} to what is in force', noChange: 'No difference.', text: 'Lines',
    source: { folder: 'folder changed', published: 'published', rollback: 'back to {number}' }, current: 'in force', rollback: 'Go back to this', rollbackAsk: 'All flows will be again as in publication {number}. Calls that are up finish in the version they began in.', rollbackNote: 'Why', rollbackDo: 'Go back', cancel: 'Cancel', rolledBack: 'Publication {number} is in force.', rollbackRefused: 'It no longer fits the site file; nothing was changed.', onlyAdmin: 'Only administrators may publish or go back.',
  },
  outcome: {
    callback: 'To be called back', not_reached: 'Not reached',
    answered: 'Answered', abandoned: 'Abandoned', self_served: 'Self-served', left_in_flow: 'Left in the flow', fallback: 'Fallback', lost: 'Lost', transferred: 'Transferred',
  },
  refused: {
    wrap_up_no_more: 'This wrap-up cannot be made longer.',
    agent_unknown: 'The site has no such agent any more.', reason_unknown: 'There is no such reason.', disposition_unknown: 'There is no such disposition.', call_unknown: 'You have not talked with this call.',
  },
  fact: {
    other: 'Other event', message_left: 'Message left', survey_answered: 'Survey answered', transfer_began: 'Transfer rings', call_transferred: 'Transfer', outside_asked: 'Outside system asked', article_read: 'Article read out',
    call_overflowed: 'Overflow rule', call_moved: 'Moved to another queue', need_relaxed: 'Needs less', wait_expected: 'Expected wait', callback_asked: 'Callback asked for', callback_attempted: 'Callback attempt failed', callback_connected: 'Callback connected', callback_ended: 'Callback ended', wrap_up_extended: 'Wrap-up extended',
    call_arrived: 'Call arrived', call_adopted: 'Taken up after a restart', flow_entered: 'Flow entered', flow_stepped: 'Step', flow_ended: 'Flow ended',
    call_queued: 'Queued', call_abandoned: 'Left the queue', offer_made: 'Offered to agent', pop_delivered: 'Card shown', offer_ended: 'Offer ended',
    call_answered: 'Answered', talk_ended: 'Talk ended', wrap_up_ended: 'Wrap-up ended', disposition_set: 'Disposition set', recording_stored: 'Recording stored',
    recording_missing: 'Recording missing', call_ended: 'Call ended', agent_state: 'Agent state',
  },
  factSays: {
    version: 'version {version}', language: 'language {language}', pressed: 'pressed {key}', silent: 'silent {count}×', wrong: 'wrong key {count}×', tookMs: '{ms} ms', cached: 'from the cache', ringsOutside: 'outside line', ringsInside: 'extension', rang: 'rang {time}', score: '{score} of {of}', long: 'length {time}', helped: 'the caller says it helped', notHelped: 'the caller says it did not help', notAsked: 'not asked whether it helped', article: 'article {article}', system: 'system {system}', moved: '{from} → {to}', rule: 'rule {rule}', told: 'told to the caller', plain: 'plain estimate {plain}', tooFew: 'too few calls to say', chosenAt: 'for {time}', attempt: 'attempt {number}', attempts: '{count} attempts', nextAt: 'next at {time}',
  },
  purposeOf: { voicemail: 'voicemail', message: 'spoken message', reason: 'reason for the score' },
  stepType: {
    play: 'play', language: 'language', menu: 'menu', collect: 'collect', hours: 'hours', branch: 'branch', set: 'set', lookup: 'lookup', route: 'route', knowledge: 'knowledge', enqueue: 'queue', transfer: 'transfer', ring_group: 'ring group', voicemail: 'voicemail', callback: 'callback', survey: 'survey', conference: 'conference', record: 'record', flow: 'flow', return: 'return', goto: 'go to', hangup: 'hang up',
  },
  /** How steps end, what outside systems answer, and why a transfer was not allowed. */
  resultOf: {
    kept: 'language kept', played: 'played', collected: 'digits collected', open: 'open', closed: 'closed', holiday: 'holiday', found: 'found', nothing: 'nothing found', not_found: 'not found', helped: 'helped', not_helped: 'did not help', served: 'served', timed_out: 'timed out', no_agents: 'no agents', full: 'queue full', voicemail: 'voicemail', callback: 'callback arranged', else: 'anything else', default: 'default', failed: 'failed', answered: 'answered', no_answer: 'no answer', busy: 'busy', unreachable: 'unreachable', not_allowed: 'not allowed', arranged: 'arranged', not_arranged: 'not arranged', declined: 'not arranged', left: 'left', recorded: 'recorded', set: 'set', refused: 'refused', down: 'system is down', no_input: 'no key', invalid: 'wrong key', next: 'next', step: 'next', hung_up: 'caller hung up', hung_up_by_flow: 'ended by the flow', finished: 'finished', late: 'too late', unreadable: 'answer not understood', too_much: 'more than can be kept', skipped: 'not asked for now', secret_lost: 'secret no longer known',
    too_many: 'too many at once', too_many_today: 'limit of the day reached', number_too_often: 'this number was called too often today', branch: 'led to another step', key: 'key',
  },
  sourceOf: { customer: 'customer record', last_agent: 'last agent' },
  overflow: {
    widen: 'opened to all agents', queue: 'moved', branch: 'led to another step', voicemail: 'to voicemail', callback: 'offered a callback', announce: 'played a message',
  },
  floor: {
    title: 'Live queues', queue: 'Queue', waiting: 'Waiting', longest: 'Longest', expected: 'A new caller waits', callbacks: 'Callbacks', callbacksHint: 'In line; + those whose time has not come', today: 'SL today', todayCounts: '{answered} answered · {abandoned} lost',
    agents: { ready: 'Ready', talking: 'Talking', wrap_up: 'Wrap-up', not_ready: 'Not ready', logged_out: 'Out' },
    trendTitle: 'Last 15 minutes', trend: 'Waiting in the last 15 minutes, {most} at most', late: '{count} over {seconds} s', lateTotal: 'Late', closed: 'Closed', deserted: 'Nobody at work', unreachable: '{count} ready, phone offline',
    notTold: 'not told', score: 'held {held} of {of}', noScore: 'too few calls', scoreHint: 'How often the wait that came lay within the interval. Below two thirds callers are told nothing.',
    underMinute: 'under 1 min', overMinutes: 'over {low} min', aboutMinutes: 'about {low} min', upToMinutes: 'up to {high} min', minutes: '{low}–{high} min',
    todayLevel: 'SL today', todayAnswered: 'Answered today', todayAbandoned: 'Abandoned today', live: 'Live', behind: '{seconds} s behind', wall: 'Wall', wallEnd: 'Leave wall', wallHint: 'Full screen, for a screen on the wall',
    line: 'Calls in line', lineHint: 'in serving order', position: 'Place', caller: 'Caller', waited: 'Waited', expectedCall: 'Still to wait', need: 'Needs', now: 'Now', callback: 'Callback', ringing: 'Ringing', inLine: 'In line',
    nobody: 'Nobody is waiting', nobodyHint: 'Calls appear here the moment they are in line.', more: '{count} more are not shown', anyone: 'any agent', onlyAgent: 'only {agent}', levelTo: 'level ≤ {level}', until: 'until {time}',
  },
  why: {
    title: 'Why this agent', ask: 'Show why', asking: 'Replaying that moment…', askingHint: 'This takes some seconds.', never: 'Nobody was ever rung for this call. This is why.', waits: 'Moments when nobody could be rung', nobody: 'At that moment nobody could be rung.', differs: 'Another version of the program explains: what follows may not be what happened.',
    offer: 'Offer {number}: {agents}', open: 'not known yet', rank: 'Rank', level: 'Level', skills: 'Skills', answered: 'Answered', lastTalk: 'Last talk ended',
    standing: '{standing} = head start {head} + {ageing} × waited {waited}', rivals: 'What else waited when {agent} became free', moreRivals: '{count} more', waitedFor: 'waited {seconds} s',
    terms: { queue: 'Queue', strategy: 'Strategy', need: 'Needs', position: 'Place in line', standing: 'Standing', weight: 'Weight', rules: 'Rule version' },
    when: { entered: 'On entering', changed: 'When something changed', left: 'Before it left', last_seen: 'As last seen' },
    of: { logged_out: 'Logged out', not_ready: 'Not ready', busy: 'Busy', phone: 'Phone not usable', paused: 'Paused', not_preferred: 'Waits for one agent', lacks_skill: 'Lacks a skill', level_not_open: 'Level not open yet', tried: 'Rung in vain' },
    strategy: { ring_all: 'Ring all', round_robin: 'Round robin', round_robin_memory: 'Round robin with memory', least_recent: 'Least recent', fewest_calls: 'Fewest calls', random: 'Random', linear: 'Linear', weighted_random: 'Weighted random', most_skilled: 'Most skilled' },
    fault: { why_unknown: 'The journal of that time is no longer kept, or this call was in no queue.', server_busy: 'Others are asking. Please try again in a moment.', why_failed: 'The journal of that time cannot be replayed; see the server’s log.', timeout: 'The replay took too long. Please try again.' },
  },
  /** Reasons the engine itself gives for not ready. */
  ownReason: {
    signed_in: 'just logged in', page_lost: 'page was lost', missed_offers: 'missed offers',
  },
  reasonOf: {
    closed: 'queue closed', overflow: 'overflow rule', no_answer: 'no answer', busy: 'busy', no_agent: 'agent did not take it', connected: 'connected', gave_up: 'given up after the last attempt', expired: 'expired', cancelled: 'cancelled',
    hung_up: 'hung up', exit_key: 'exit key', timed_out: 'timed out', no_agents: 'no agents', queue_full: 'queue full', engine_lost: 'engine lost',
    missed: 'rang out', refused: 'rejected', unreachable: 'phone unreachable', withdrawn: 'withdrawn', caller: 'caller hung up', agent: 'agent hung up', system: 'ended by the system', unknown: 'unknown', finished: 'finished', failed: 'failed',
  },
}

export default en
