# Prints values as plain JSON and as Active Support encodes them, one JSON object
# per line:
#   ruby make_rails_json.rb > rails_json_more.jsonl
# Created with Ruby 3.1.7 and Active Support 6.1.7.10 (Debian's ruby-activesupport).
require "active_support"
require "active_support/json"
require "json"

values = []
# Floats at the edges of their notations.
[1e-4, 1e15, 1e16, 1e14, 1.0, 0.1, 1e-5, 1e22, 1e23, 123456789012345.6, 1.5e300, Float::MIN, Float::MAX, 5e-324,
 48.861934399999996, 2.348967, 9007199254740993.0, 0.1 + 0.2, 100.0, 1e-100].each do |float|
  values << float << -float << float.next_float << float.prev_float
end
values += [0.0, -0.0, 0, -1, 2**63, 2**64 - 1, -(2**63)]
# Every character that some encoder escapes, and its neighbours, in values and keys.
chars = (0..0xff).to_a + [0x2027, 0x2028, 0x2029, 0x202a, 0xfeff, 0xfffd, 0xffff, 0x1f600, 0x10ffff]
chars.each { |code| values << "a#{[code].pack("U")}b" }
values << chars.map { |code| [code].pack("U") }.join
values << { "&<>\u2028\u2029\"\\/" => { "\u0000\u001f\u007f" => ["\b\f\n\r\t"] } }
values += [[], {}, [[], {}], [nil, true, false], { "" => "" }]
# A seeded mixture of floats.
random = Random.new(42)
400.times { values << [random.bytes(8)].first.unpack1("D") }
200.times { values << (random.rand * 10**random.rand(-8..18)) }

values.each do |value|
  next if value.is_a?(Float) && !value.finite?
  puts JSON.generate(json: JSON.generate(value), rails: ActiveSupport::JSON.encode(value))
end
