-- Raises the last position of a conversation to the head of its log; never lowers it.
-- KEYS: the conversation · ARGV: head, how long it is remembered from now, in ms
local last = redis.call('GET', KEYS[1])
if last and tonumber(last) >= tonumber(ARGV[1]) then
  redis.call('PEXPIRE', KEYS[1], ARGV[2])
else
  redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
end
return 1
