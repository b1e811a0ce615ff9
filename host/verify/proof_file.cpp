#include "host/verify/proof_file.h"

#include <unistd.h>
#include <zlib.h>

#include <cstdio>
#include <new>
#include <vector>

#include "host/io/byte_source.h"
#include "host/io/failure.h"

namespace warpshard::verify {
namespace {

constexpr std::size_t kPiece = std::size_t{1} << 20;
constexpr std::size_t kMostText = std::size_t{1} << 32;

}  // namespace

Result<std::string> read_proof_file(const std::string& path) {
  try {
    io::ByteSource source(path == "-" ? io::open_descriptor(STDIN_FILENO, {})
                                      : io::open_file(path, {}));
    std::string text;
    std::vector<char> piece(kPiece);
    while (const std::size_t count = source.read(piece.data(), piece.size())) {
      text.append(piece.data(), count);
      if (text.size() >= kProofMagic.size() && !text.starts_with(kProofMagic))
        return Error{path + ": not a proof"};
      if (text.size() > kMostText) return Error{path + ": a proof of more than 4 GiB"};
    }
    return text;
  } catch (const io::Failure& failure) {
    return Error{path + ": " + failure.message};
  } catch (const std::bad_alloc&) {
    return Error{path + ": out of memory"};
  }
}

std::string end_line(std::string_view text) {
  const uLong sum =
      crc32_z(crc32_z(0, nullptr, 0), reinterpret_cast<const Bytef*>(text.data()), text.size());
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string line = "end ";
  for (int shift = 28; shift >= 0; shift -= 4) line += kDigits[(sum >> shift) & 15];
  return line + "\n";
}

}  // namespace warpshard::verify
