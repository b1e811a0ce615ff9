#include "warpshard/save.h"

#include <fcntl.h>
#include <unistd.h>
#include <zlib.h>

#include <cerrno>
#include <charconv>
#include <memory>
#include <span>
#include <string_view>

#include "host/io/output_file.h"

namespace warpshard {
namespace {

constexpr std::size_t kBuffer = std::size_t{1} << 17;
constexpr std::size_t kLongestNumber = 24;
constexpr const char* kGzip = "wb6";
constexpr const char* kPlain = "wbT";  // zlib passes the bytes on as they are

/// Collects text and hands it to zlib in large pieces.
class TextWriter {
 public:
  explicit TextWriter(const std::string& path) : file_(path) {
    buffer_.reserve(kBuffer);
    if (file_.open()) return;
    // zlib closes what it writes to; the file stays open for the rest.
    const int descriptor = fcntl(file_.descriptor(), F_DUPFD_CLOEXEC, 0);
    packer_.reset(gzdopen(descriptor, path.ends_with(".gz") ? kGzip : kPlain));
    if (packer_) return;
    file_.fail(errno);
    if (descriptor >= 0) close(descriptor);
  }

  void text(std::string_view piece) {
    if (buffer_.size() + piece.size() > kBuffer) flush();
    buffer_ += piece;
  }

  void number(std::int64_t value) {
    char digits[kLongestNumber];
    const auto [end, error] = std::to_chars(digits, digits + sizeof digits, value);
    text({digits, end});
  }

  template <typename T>
  void list(std::span<const T> values) {
    text("[");
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (i > 0) text(",");
      number(values[i]);
    }
    text("]");
  }

  /// A member whose value is an array of `count` elements, each written by `write(index)`.
  template <typename Write>
  void array(std::string_view key, std::int64_t count, Write&& write) {
    text(key);
    text(":[");
    for (std::int64_t i = 0; i < count; ++i) {
      if (i > 0) text(",\n");
      write(i);
    }
    text("]");
  }

  void quoted(std::string_view content);

  std::optional<Error> finish() {
    flush();
    if (packer_ && gzclose(packer_.release()) != Z_OK) file_.fail(errno);
    return file_.commit();
  }

 private:
  struct Close {
    void operator()(gzFile_s* file) const { gzclose(file); }
  };

  void flush() {
    if (packer_ && !buffer_.empty() &&
        gzwrite(packer_.get(), buffer_.data(), static_cast<unsigned>(buffer_.size())) == 0)
      file_.fail(errno);
    buffer_.clear();
  }

  io::OutputFile file_;
  std::unique_ptr<gzFile_s, Close> packer_;
  std::string buffer_;
};

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

}  // namespace

std::optional<Error> save_problem(const Problem& problem, const std::string& path) {
  errno = 0;
  TextWriter out(path);
  out.text("{\"problem\":{\"name\":");
  out.quoted(problem.name);
  if (problem.usage_limit) {
    out.text(",\n\"usage_limit\":");
    out.number(*problem.usage_limit);
  }
  const auto node = [](std::int64_t index) { return static_cast<std::int32_t>(index); };
  out.text(",\n\"nodes\":{");
  out.array("\"intervals\"", problem.num_nodes(), [&](std::int64_t i) {
    const std::int64_t ends[] = {problem.intervals[i].lower, problem.intervals[i].upper};
    out.list<std::int64_t>(ends);
  });
  out.array(",\n\"costs\"", problem.num_nodes(),
            [&](std::int64_t i) { out.list(problem.node_costs(node(i))); });
  out.array(",\n\"usages\"", problem.num_nodes(),
            [&](std::int64_t i) { out.list(problem.node_usages(node(i))); });
  out.text("},\n\"edges\":{");
  out.array("\"nodes\"", problem.num_edges(),
            [&](std::int64_t i) { out.list(problem.nodes_of_edge(i)); });
  out.array(",\n\"costs\"", problem.num_edges(),
            [&](std::int64_t i) { out.list(problem.table_of_edge(i)); });
  out.text("}}}\n");
  return out.finish();
}

}  // namespace warpshard
