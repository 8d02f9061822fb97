-- Gives the claims of users up, and answers the times that are to be written. In one step: whoever touches afterwards claims anew,
-- so nothing is forgotten.
-- KEYS: time and claim of each user, in turn · ARGV: how long a time is kept, in ms; then the newest that the caller knows of each
local times = {}
for at = 1, #KEYS / 2 do
  local key, time = KEYS[2 * at - 1], ARGV[1 + at]
  local known = redis.call('GET', key)
  -- It may have been evicted, and read from the store behind since.
  if known and tonumber(known) >= tonumber(time) then
    times[at] = known
  else
    times[at] = time
    redis.call('SET', key, time, 'PX', ARGV[1])
  end
  redis.call('DEL', KEYS[2 * at])
end
return times
