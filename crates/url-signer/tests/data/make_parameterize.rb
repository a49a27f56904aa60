# Prints names and their slugs, one JSON object a line, as Active Support makes them:
#   ruby make_parameterize.rb > parameterize_more.jsonl
# Made with Ruby 3.1.7, Active Support 6.1.7.10 and i18n 1.10.0 (Debian's
# ruby-activesupport).
require "active_support"
require "active_support/core_ext/string/inflections"
require "json"

names = []
# Every character of the table and its neighbours, alone between letters.
(0x20..0x250).each { |code| names << "a#{[code].pack("U")}b" }
# What looks like Latin and is not in the table, or is once composed.
["ẞ", "ﬁ", "K", "Å", "Ω", "ǆ", "ȯ", "ḃ", "ắ", "№", "ａ", "½", "²", "ª", "€", "…", "’", "—"].each do |char|
  names << char << "x#{char}y"
end
# Decomposed, as some file systems store names, marks in either order.
names += ["e\u0301te\u0301", "n\u0303andu\u0301", "a\u030a", "e\u0301\u0323", "e\u0323\u0301", "o\u0302\u0301",
          "\u0301a", "c\u0327a", "u\u0308\u0304", "i\u0307", "L\u030c", "\u212bngstr\u00f6m"]
# Separators at the edges, in runs, and beside each other.
names += ["", " ", "-", "--", "_", "__a__", "-_-", "_-_", "a--b", "a - b", "a-_-b", "--a--", " a ", "a\n\nb",
          "?", "a?b", "ñ-", "-ñ", "日本語", "日a本", "a日", "🦀 crab 🦀", "ŉ", "aŉb", "'n", "A.B.C", "x" * 300]
# A seeded mixture.
random = Random.new(42)
alphabet = (0x20..0x17f).map { |code| [code].pack("U") } + ["\u0301", "\u0308", "-", "_", "日", "😀"]
300.times { names << Array.new(random.rand(1..12)) { alphabet.sample(random: random) }.join }

names.uniq.each { |name| puts JSON.generate(name: name, slug: name.parameterize) }
