-- Adds connections to a handler. Without a lease nothing counts, so nothing is stored.
-- KEYS: the handler · ARGV: prefix, then user and device of each connection
local prefix = ARGV[1]
local epoch = redis.call('GET', KEYS[1])
if not epoch then return 0 end

local connections = prefix .. 'connections:' .. epoch
redis.call('HINCRBY', connections, 'changes', 1)
for at = 2, #ARGV, 2 do
  local user, device = ARGV[at], ARGV[at + 1]
  redis.call('HINCRBY', connections, 'device ' .. user .. ' ' .. device, 1)
  if redis.call('HINCRBY', connections, 'user ' .. user, 1) == 1 then
    redis.call('SADD', prefix .. 'user:' .. user, epoch)
  end
end
return 1
