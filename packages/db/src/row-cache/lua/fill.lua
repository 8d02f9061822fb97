-- Keeps rows whose lease still holds.
-- KEYS: the rows · ARGV: how long they are kept, in ms; then lease and row of each
local filled = 0
for at, key in ipairs(KEYS) do
  if redis.call('GET', key) == '?' .. ARGV[2 * at] then
    redis.call('SET', key, '=' .. ARGV[2 * at + 1], 'PX', ARGV[1])
    filled = filled + 1
  end
end
return filled
