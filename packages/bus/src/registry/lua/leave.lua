-- Gives a lease up; its entries are dead from now on, and collected later.
-- KEYS: the handler · ARGV: prefix
local prefix = ARGV[1]
local epoch = redis.call('GET', KEYS[1])
if not epoch then return 0 end

redis.call('DEL', KEYS[1], prefix .. 'lease:' .. epoch)
redis.call('ZADD', prefix .. 'deadlines', 0, epoch)
return 1
