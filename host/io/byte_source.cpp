#include "host/io/byte_source.h"

#include <zlib.h>

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "host/io/failure.h"
#include "host/io/read_ahead.h"

namespace warpshard::io {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 16;
/// What is read between two looks at the token.
constexpr std::size_t kMostPerRead = std::size_t{1} << 18;
/// Packed bytes that take longer to unpack than a thread to start.
constexpr std::uintmax_t kWorthAThread = std::uintmax_t{1} << 17;

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

/// A source with a few raw bytes in hand. Stays where it is: another thread may be reading.
class Unpacker {
 public:
  Unpacker(std::unique_ptr<RawSource> raw, const StopToken& stop)
      : raw_(std::move(raw)), stop_(stop), buffer_(kBuffer) {}

  /// Finds out whether the source is packed.
  void begin() {
    fill(2);
    if (at_member()) inflater_.emplace();
  }
  bool packed() const { return inflater_.has_value(); }
  std::uintmax_t raw_size() const { return raw_->size(); }
  double share_read() const { return share_.load(std::memory_order_relaxed); }

  std::size_t read(char* destination, std::size_t capacity) {
    check_stop(stop_);
    const std::size_t piece = std::min(capacity, kMostPerRead);
    const std::size_t count =
        packed() ? read_packed(destination, piece) : read_plain(destination, piece);
    if (const auto size = raw_->size(); size > 0)
      share_ = static_cast<double>(raw_bytes_ - (end_ - begin_)) / static_cast<double>(size);
    return count;
  }

 private:
  /// Brings raw bytes behind those in the buffer until there are `wanted`, or no more.
  void fill(std::size_t wanted) {
    if (begin_ > 0) std::memmove(buffer_.data(), buffer_.data() + begin_, end_ - begin_);
    end_ -= std::exchange(begin_, 0);
    while (!raw_ended_ && end_ < wanted) {
      const std::size_t count = raw_->read(buffer_.data() + end_, buffer_.size() - end_);
      raw_ended_ = count == 0;
      raw_bytes_ += count;
      end_ += count;
    }
  }

  /// True if the buffer begins with a gzip member.
  bool at_member() const {
    return end_ - begin_ >= 2 && buffer_[begin_] == '\x1f' && buffer_[begin_ + 1] == '\x8b';
  }

  std::size_t read_plain(char* destination, std::size_t capacity) {
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

  std::size_t read_packed(char* destination, std::size_t capacity) {
    for (;;) {
      if (between_members_) {
        fill(2);
        if (!at_member()) return 0;
        inflater_->begin_member();
        between_members_ = false;
      }
      fill(1);
      const auto step =
          inflater_->run(buffer_.data() + begin_, end_ - begin_, destination, capacity);
      begin_ += step.used;
      between_members_ = step.member_ended;
      if (step.made > 0) return step.made;
      if (!between_members_ && step.used == 0 && raw_ended_) fail("", "the gzip stream is cut off");
    }
  }

  std::unique_ptr<RawSource> raw_;
  StopToken stop_;
  std::optional<Inflater> inflater_;  ///< none where the source is not packed
  std::vector<char> buffer_;          ///< raw bytes, [begin_, end_) of them still to be used
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::uintmax_t raw_bytes_ = 0;  ///< taken from raw_ so far
  std::atomic<double> share_{0};
  bool raw_ended_ = false;
  bool between_members_ = false;
};

ByteSource::ByteSource(std::unique_ptr<RawSource> raw, const StopToken& stop)
    : unpacker_(std::make_unique<Unpacker>(std::move(raw), stop)) {}

ByteSource::~ByteSource() = default;
ByteSource::ByteSource(ByteSource&&) noexcept = default;

double ByteSource::share_read() const {
  return unpacker_->share_read();
}

std::size_t ByteSource::read(char* destination, std::size_t capacity) {
  if (!std::exchange(begun_, true)) {
    unpacker_->begin();
    // A pipe may keep a thread waiting that nobody needs any more; its size is not known.
    if (unpacker_->packed() && unpacker_->raw_size() >= kWorthAThread)
      ahead_ =
          std::make_unique<ReadAhead>([unpacker = unpacker_.get()](char* to, std::size_t most) {
            return unpacker->read(to, most);
          });
  }
  return ahead_ ? ahead_->read(destination, capacity) : unpacker_->read(destination, capacity);
}

}  // namespace warpshard::io
