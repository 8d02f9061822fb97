-- Renews the lease of a name.
-- KEYS: the name, the wish · ARGV: the holder's token, lease in ms
-- Answers 0 when it is lost, 1 when it is renewed, 2 when somebody wants it besides.
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 1 + redis.call('EXISTS', KEYS[2])
