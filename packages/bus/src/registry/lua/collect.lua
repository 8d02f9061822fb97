-- Clears away some of what a lease that ended left. The lease's own list says what that is, so nothing is scanned.
-- KEYS: the deadlines · ARGV: prefix, how many fields at most
-- Answers 1 when something may be left.
local prefix, most = ARGV[1], ARGV[2]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local epoch = redis.call('ZRANGE', KEYS[1], '-inf', now, 'BYSCORE', 'LIMIT', 0, 1)[1]
if not epoch or redis.call('EXISTS', prefix .. 'lease:' .. epoch) == 1 then return 0 end

local connections = prefix .. 'connections:' .. epoch
local fields = redis.call('HRANDFIELD', connections, most)
for _, field in ipairs(fields) do
  local user = string.match(field, '^user (.*)$')
  if user then redis.call('SREM', prefix .. 'user:' .. user, epoch) end
  redis.call('HDEL', connections, field)
end
if redis.call('EXISTS', connections) == 0 then redis.call('ZREM', KEYS[1], epoch) end
return 1
