#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "warpshard/cost.h"

struct evp_md_ctx_st;

namespace warpshard::store {

using Digest = std::array<std::uint8_t, 32>;

/// SHA-256 of what comes piece by piece; integers are little-endian, whatever the machine.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(const Sha256&) = delete;
  Sha256& operator=(const Sha256&) = delete;

  void bytes(std::string_view bytes);
  void digest(const Digest& digest);
  void u8(std::uint8_t value) { little_endian(value, 1); }
  void u32(std::uint32_t value) { little_endian(value, 4); }
  void u64(std::uint64_t value) { little_endian(value, 8); }
  void i64(std::int64_t value) { little_endian(static_cast<std::uint64_t>(value), 8); }
  void i128(Int128 value);

  /// Ends the hash; nothing may be added afterwards.
  Digest finish();

 private:
  void little_endian(std::uint64_t value, std::size_t size) {
    if (used_ + size > buffer_.size()) flush();
    for (std::size_t byte = 0; byte < size; ++byte)
      buffer_[used_++] = static_cast<unsigned char>(value >> (8 * byte));
  }
  void flush();

  evp_md_ctx_st* context_;
  std::size_t used_ = 0;
  std::array<unsigned char, 4096> buffer_{};
};

Digest sha256(std::string_view bytes);

/// 64 lower-case digits.
std::string hex(const Digest& digest);

/// True of 64 lower-case hexadecimal digits.
bool is_hex_digest(std::string_view text);

}  // namespace warpshard::store
