# Writes the token and the ids that Ruby on Rails parses from requests, one JSON
# object per line, to authorizations.jsonl and queries.jsonl:
#   ruby make_requests.rb
# Created with Ruby 3.1.7, Action Pack 6.1.7.10 and Rack 2.2.22 (Debian's
# ruby-actionpack and ruby-rack).
require "json"
require "action_controller"
require "rack"

Request = Struct.new(:authorization)

def token(authorization)
  token, = ActionController::HttpAuthentication::Token.token_and_options(Request.new(authorization))
  token.nil? || token.strip.empty? ? nil : token
end

written = [
  'Token token="eyJ0.eyJl.F7-_"', "Token token=eyJ0.eyJl.F7-_", 'Token "eyJ0.eyJl.F7-_"', "Token eyJ0.eyJl.F7-_",
  'Bearer token="a.b.c"', "Bearer a.b.c", 'token token="a.b.c"', 'TOKEN token="a"', "Basic YTpi", "", "Token", "Token ", "Token token=",
  'Token token=""', 'Token token="', 'Token token=" "', 'Token token="a', 'Token token=a"', 'Token token=""a""',
  'Token token="a", nonce="b"', 'Token token="a";nonce=b', "Token token=a\tnonce=b", 'Token nonce="b", token="a"',
  'Token , ,token=a', 'Token   token = "a"', 'Token token= "a"', "Token\ttoken=a", 'Token token="a,b"', "Token token==a==",
  "Token token=a=b", "Token Token=a", "Token token=token=a", "Tokentoken=a", 'Token token="a" b', 'Token token=\'a\'', "Token a b",
]
random = Random.new(4)
pieces = ["Token", "Bearer", " ", "  ", "\t", ",", ";", "token=", '"', "a.b-c_d", "=", "nonce=", "e", "token", '""', ", "]
made = Array.new(600) do |at|
  (at.even? ? ["Token "] : []).concat(Array.new(random.rand(1..7)) { pieces.sample(random: random) }).join
end
File.open("authorizations.jsonl", "w") do |file|
  (written + made).uniq.each do |authorization|
    # Servers strip the white space around a value.
    authorization = authorization.strip
    file.puts JSON.generate("authorization" => authorization, "token" => token(authorization))
  rescue ArgumentError
    # Rails fails on further parameters that are only `=`.
  end
end

A = "14364f29-c30d-4bbb-992c-19e6031244f7"
B = "89d5c88f-bb34-4d95-babc-0f17d44e52db"
keys = %w{ids[] ids%5B%5D ids%5b%5d ids%5B] ids[%5d %69ds[] i%64s%5B%5d page other[] idx[] ID[] IDS[]}
values = [A, B, A.upcase, A.gsub("-", "%2D"), A.gsub("-", "%2d"), A.sub("1", "%31"), B.sub("8", "%38")]
queries = ["", "a=b", "ids[]=", "ids%5B%5D=", "ids[]", "&&", "&ids[]=#{A}&", "ids[]=#{A}&&ids[]=#{B}", "x=1&ids[]=&y=2"]
queries += Array.new(400) do
  Array.new(random.rand(1..5)) { "#{keys.sample(random: random)}=#{values.sample(random: random)}" }.join("&")
end
File.open("queries.jsonl", "w") do |file|
  queries.uniq.each do |query|
    ids = Rack::Utils.parse_nested_query(query)["ids"]
    # Rails parses `ids[]=` and `ids[]` as one empty value.
    ids = ids && ids.reject { |id| id.nil? || id.empty? }
    file.puts JSON.generate("query" => query, "ids" => ids)
  end
end
