#include "host/io/text_writer.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <charconv>

namespace warpshard::io {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 17;
constexpr std::size_t kLongestNumber = 24;
constexpr const char* kGzip = "wb6";
constexpr const char* kPlain = "wbT";  // zlib passes the bytes on as they are

}  // namespace

void TextWriter::Close::operator()(gzFile_s* file) const {
  gzclose(file);
}

TextWriter::TextWriter(const std::string& path) : file_(path) {
  buffer_.reserve(kBuffer);
  if (file_.open()) return;
  // zlib closes what it writes to; the file stays open for the rest.
  const int descriptor = fcntl(file_.descriptor(), F_DUPFD_CLOEXEC, 0);
  packer_.reset(gzdopen(descriptor, path.ends_with(".gz") ? kGzip : kPlain));
  if (packer_) return;
  file_.fail(errno);
  if (descriptor >= 0) close(descriptor);
}

void TextWriter::text(std::string_view piece) {
  if (buffer_.size() + piece.size() > kBuffer) flush();
  buffer_ += piece;
}

void TextWriter::number(std::int64_t value) {
  char digits[kLongestNumber];
  const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
  text({digits, end});
}

void TextWriter::quoted(std::string_view content) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  text("\"");
  for (const char c : content) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      const char escaped[] = {'\\', c};
      text({escaped, sizeof escaped});
    } else if (byte < ' ') {
      const char escaped[] = {'\\', 'u', '0', '0', kDigits[byte >> 4], kDigits[byte & 15]};
      text({escaped, sizeof escaped});
    } else {
      text({&c, 1});
    }
  }
  text("\"");
}

std::optional<Error> TextWriter::finish() {
  flush();
  if (packer_ && gzclose(packer_.release()) != Z_OK) file_.fail(errno);
  return file_.commit();
}

void TextWriter::flush() {
  if (packer_ && !buffer_.empty() &&
      gzwrite(packer_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size())) == 0)
    file_.fail(errno);
  buffer_.clear();
}

}  // namespace warpshard::io
