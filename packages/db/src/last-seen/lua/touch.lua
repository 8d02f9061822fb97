-- Raises when a user was last seen; never lowers it.
-- KEYS: time, claim · ARGV: the time; how long it is kept and how long a claim lasts at most, in ms
-- Answers what was known before (nil: nothing), and 1 when the caller is to write it to the store behind, 0 when somebody else will.
local known = redis.call('GET', KEYS[1])
if known and tonumber(known) >= tonumber(ARGV[1]) then return { known, 0 } end

redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
local claimed = redis.call('SET', KEYS[2], '', 'NX', 'PX', ARGV[3])
return { known, claimed and 1 or 0 }
