#include "host/io/byte_source.h"

#include <zlib.h>

#include <algorithm>
#include <cstring>
#include <new>
#include <string>
#include <utility>

#include "host/io/failure.h"

namespace warpshard::io {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;
/// What is read between two looks at the token.
constexpr std::size_t kMostPerRead = std::size_t{1} << 18;

}  // namespace

/// One gzip member after the other. Stays where it is: zlib keeps its address.
class Inflater {
 public:
  Inflater() {
    constexpr int kGzipOnly = MAX_WBITS + 16;
    if (inflateInit2(&stream_, kGzipOnly) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  Inflater& operator=(const Inflater&) = delete;

  void begin_member() { inflateReset(&stream_); }

  struct Step {
    std::size_t used = 0;
    std::size_t made = 0;
    bool member_ended = false;
  };

  /// Unpacks as much as possible; neither used nor made anything where it needs more bytes.
  Step run(char* packed, std::size_t size, char* destination, std::size_t capacity) {
    stream_.next_in = reinterpret_cast<Bytef*>(packed);  // NOLINT(*-reinterpret-cast): zlib's type
    stream_.avail_in = static_cast<uInt>(size);
    stream_.next_out = reinterpret_cast<Bytef*>(destination);  // NOLINT(*-reinterpret-cast)
    stream_.avail_out = static_cast<uInt>(capacity);
    const int code = inflate(&stream_, Z_NO_FLUSH);
    if (code == Z_MEM_ERROR) throw std::bad_alloc();
    if (code != Z_OK && code != Z_STREAM_END && code != Z_BUF_ERROR)
      fail("", std::string("the gzip stream is damaged (") +
                   (stream_.msg != nullptr ? stream_.msg : "no reason given") + ")");
    return {size - stream_.avail_in, capacity - stream_.avail_out, code == Z_STREAM_END};
  }

 private:
  z_stream stream_{};
};

ByteSource::ByteSource(std::unique_ptr<RawSource> raw, const StopToken& stop)
    : raw_(std::move(raw)), stop_(stop), buffer_(kBuffer) {}

ByteSource::~ByteSource() = default;
ByteSource::ByteSource(ByteSource&&) noexcept = default;

double ByteSource::share_read() const {
  const auto size = raw_->size();
  const auto used = raw_bytes_ - (end_ - begin_);
  return size == 0 ? 0 : static_cast<double>(used) / static_cast<double>(size);
}

std::size_t ByteSource::read(char* destination, std::size_t capacity) {
  check_stop(stop_);
  if (!std::exchange(begun_, true)) {
    fill(2);
    if (at_member()) inflater_ = std::make_unique<Inflater>();
  }
  const std::size_t piece = std::min(capacity, kMostPerRead);
  return inflater_ ? read_packed(destination, piece) : read_plain(destination, piece);
}

void ByteSource::fill(std::size_t wanted) {
  if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
  end_ -= std::exchange(begin_, 0);
  while (!raw_ended_ && end_ < wanted) {
    const std::size_t count = raw_->read(buffer_.data() + end_, buffer_.size() - end_);
    raw_ended_ = count == 0;
    raw_bytes_ += count;
    end_ += count;
  }
}

bool ByteSource::at_member() const {
  return end_ - begin_ >= 2 && buffer_[begin_] == '\x1f' && buffer_[begin_ + 1] == '\x8b';
}

std::size_t ByteSource::read_plain(char* destination, std::size_t capacity) {
  if (begin_ == end_) {
    const std::size_t count = raw_->read(destination, capacity);
    raw_bytes_ += count;
    return count;
  }
  const std::size_t count = std::min(capacity, end_ - begin_);
  std::memcpy(destination, buffer_.data() + begin_, count);
  begin_ += count;
  return count;
}

std::size_t ByteSource::read_packed(char* destination, std::size_t capacity) {
  for (;;) {
    if (between_members_) {
      fill(2);
      if (!at_member()) return 0;
      inflater_->begin_member();
      between_members_ = false;
    }
    fill(1);
    const auto step = inflater_->run(buffer_.data() + begin_, end_ - begin_, destination, capacity);
    begin_ += step.used;
    between_members_ = step.member_ended;
    if (step.made > 0) return step.made;
    if (!between_members_ && step.used == 0 && raw_ended_) fail("", "the gzip stream is cut off");
  }
}

}  // namespace warpshard::io
