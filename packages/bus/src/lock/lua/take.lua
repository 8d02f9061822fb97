-- Takes a name that is free, or says that it is wanted.
-- KEYS: the name, the wish · ARGV: the holder's token, lease in ms
-- Answers 1 when it was taken, otherwise 0.
if redis.call('SET', KEYS[1], ARGV[1], 'NX', 'PX', ARGV[2]) then
  redis.call('DEL', KEYS[2])
  return 1
end
redis.call('SET', KEYS[2], 1, 'PX', ARGV[2])
return 0
