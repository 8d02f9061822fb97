-- Gives a name back, unless it is somebody else's by now.
-- KEYS: the name · ARGV: the holder's token
if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
return 1
