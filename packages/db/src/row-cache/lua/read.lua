-- Rows, and leases where there are none: see `redis.ts` for what a key holds.
-- KEYS: the rows · ARGV: a lease that nobody has, how long it lasts in ms
local answers = {}
for at, key in ipairs(KEYS) do
  local held = redis.call('GET', key)
  if not held then
    redis.call('SET', key, '?' .. ARGV[1], 'PX', ARGV[2])
    answers[at] = 'leased'
  elseif string.sub(held, 1, 1) == '=' then
    answers[at] = held
  else
    answers[at] = ''
  end
end
return answers
