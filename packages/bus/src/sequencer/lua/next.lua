-- Takes `count` positions of a conversation that was seeded; nil when it wasn't, or is forgotten.
-- KEYS: the conversation · ARGV: count, how long it is remembered from now, in ms
-- Answers the last of them.
if redis.call('EXISTS', KEYS[1]) == 0 then return nil end
local last = redis.call('INCRBY', KEYS[1], ARGV[1])
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return last
