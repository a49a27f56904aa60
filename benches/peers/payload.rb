# The payload by the Cloudinary SDK for Ruby.
#
# Arguments: the file of records and the number of rounds. Checks every URL, then
# prints the median time per image in microseconds.

require "cloudinary"
require "json"
require "openssl"

PROXY = "https://sharinpix-proxy-dev.herokuapp.com".freeze
APP = "localhost".freeze
PREFIX = "/assets/blank.jpg#".freeze
ATTACHMENT = { flags: "attachment" }.freeze
AUTOMATIC = { raw_transformation: "dpr_auto,q_auto,f_auto" }.freeze
FIT_1920 = { crop: "fit", height: 1920, width: 1920 }.freeze

Cloudinary.config do |config|
  config.cloud_name = "sadaasdasd"
  config.api_key = "key"
  config.api_secret = "abcdefghijklmnopqrstuvwxyz0"
  config.secure = true
  config.analytics = false
end

def fill(pixels)
  { crop: "fill", height: pixels, width: pixels }
end

def whole(number)
  number == number.to_i ? number.to_i : number
end

def delivery(record, steps)
  Cloudinary::Utils.cloudinary_url(
    record["public_id"],
    type: "authenticated", version: record["version"], format: "jpg", sign_url: true,
    transformation: steps.map(&:dup)
  )
end

def truncated_hmac(key, message, digits)
  OpenSSL::HMAC.hexdigest("SHA256", key, message)[0, digits]
end

def proxied(image, slug, name)
  message = "images/#{image["id"]}/thumbnails/#{name}"
  path = "/#{message}-#{truncated_hmac("thumbnail key", message, 11)}.jpg"
  "#{PROXY}/#{slug}.#{image["format"]}?s=#{truncated_hmac("proxy key", APP + path, 7)}&url=#{APP}#{path}"
end

def signed(record)
  image = record["image"]
  crop = []
  if record["crop"]
    x, y, w, h = record["crop"].map { |number| whole(number) }
    crop = [{ crop: "crop", x: x, y: y, width: w, height: h }]
  end
  rotate = record["rotation"].zero? ? [] : [{ angle: record["rotation"] }]
  slug = record["filename"].downcase.tr(" ", "-")
  page = [ATTACHMENT, AUTOMATIC]
  prefixed = ->(steps) { PREFIX + delivery(record, steps) }
  image.merge(
    "original_url" => delivery(record, [ATTACHMENT]),
    "external_urls" => {
      "fill100" => prefixed.(crop + rotate + [{ crop: "fit", width: 300 }]),
      "fit2000" => prefixed.(crop + rotate + [{ crop: "fit", height: 2000, width: 2000 }]),
      "mini" => proxied(image, slug, "mini"),
      "large" => proxied(image, slug, "thumbnail"),
      "full" => proxied(image, slug, "full"),
    },
    "thumbnails" => {
      "original" => prefixed.(page),
      "full_no_sharinpix" => prefixed.([FIT_1920] + page),
      "full" => prefixed.(crop + [FIT_1920] + rotate + page),
      "large" => prefixed.(crop + [FIT_1920] + rotate + [fill(200)] + page),
      "mini" => prefixed.(crop + [FIT_1920] + rotate + [fill(100)] + page),
    }
  )
end

def payload(records)
  JSON.generate(records.map { |record| signed(record) }).gsub("&", "\\u0026")
end

records = File.readlines(ARGV[0]).map { |line| JSON.parse(line) }
JSON.parse(payload(records)).zip(records) do |image, record|
  abort "#{image}\n#{record["image"]}" unless image == record["image"]
end
times = Array.new(Integer(ARGV[1])) do
  start = Process.clock_gettime(Process::CLOCK_MONOTONIC)
  payload(records)
  (Process.clock_gettime(Process::CLOCK_MONOTONIC) - start) * 1e6 / records.length
end
puts format("%.2f", times.sort[times.length / 2])
