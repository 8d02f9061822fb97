-- Takes connections from a handler; what isn't registered can't be taken from what is.
-- KEYS: the handler · ARGV: prefix, then user and device of each connection
local prefix = ARGV[1]
local epoch = redis.call('GET', KEYS[1])
if not epoch then return 0 end

local connections = prefix .. 'connections:' .. epoch

-- One fewer of a field; answers whether it was the last.
local function take(field)
  local last = redis.call('HINCRBY', connections, field, -1) <= 0
  if last then redis.call('HDEL', connections, field) end
  return last
end

redis.call('HINCRBY', connections, 'changes', 1)
for at = 2, #ARGV, 2 do
  local user, device = ARGV[at], ARGV[at + 1]
  local field = 'device ' .. user .. ' ' .. device
  if redis.call('HEXISTS', connections, field) == 1 then
    take(field)
    if take('user ' .. user) then redis.call('SREM', prefix .. 'user:' .. user, epoch) end
  end
end
return 1
