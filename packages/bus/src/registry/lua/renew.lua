-- Renews a handler's lease, or begins a new one under a new epoch.
-- KEYS: the handler · ARGV: prefix, handler, lease in ms, how many changes the handler has made under the lease
-- Answers 1 when the lease lived and holds all that was told, otherwise 0.
local prefix, handler, lease_ms, told = ARGV[1], ARGV[2], ARGV[3], tonumber(ARGV[4])

local epoch = redis.call('GET', KEYS[1])
local holds = 0
if epoch then holds = tonumber(redis.call('HGET', prefix .. 'connections:' .. epoch, 'changes') or 0) end

-- A Redis that came back from an older snapshot, or a replica that took over, may have lost what it had acknowledged.
local lives = epoch and holds == told
if epoch and not lives then
  redis.call('DEL', prefix .. 'lease:' .. epoch)
  redis.call('ZADD', prefix .. 'deadlines', 0, epoch)
end
if not lives then epoch = redis.call('INCR', prefix .. 'epochs') end

redis.call('SET', KEYS[1], epoch, 'PX', lease_ms)
redis.call('SET', prefix .. 'lease:' .. epoch, handler, 'PX', lease_ms)
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
redis.call('ZADD', prefix .. 'deadlines', now + lease_ms, epoch)
return lives and 1 or 0
