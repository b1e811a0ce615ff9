#include "host/store/sha256.h"

#include <openssl/evp.h>

#include <algorithm>
#include <new>
#include <stdexcept>

namespace warpshard::store {
namespace {

void checked(int success) {
  if (success != 1) throw std::runtime_error("SHA-256 is not to be had from libcrypto");
}

}  // namespace

Sha256::Sha256() : context_(EVP_MD_CTX_new()) {
  if (context_ == nullptr) throw std::bad_alloc();
  checked(EVP_DigestInit_ex(context_, EVP_sha256(), nullptr));
}

Sha256::~Sha256() {
  EVP_MD_CTX_free(context_);
}

void Sha256::flush() {
  checked(EVP_DigestUpdate(context_, buffer_.data(), used_));
  used_ = 0;
}

void Sha256::bytes(std::string_view bytes) {
  flush();
  checked(EVP_DigestUpdate(context_, bytes.data(), bytes.size()));
}

void Sha256::digest(const Digest& digest) {
  for (const std::uint8_t byte : digest) u8(byte);
}

void Sha256::i128(Int128 value) {
  u64(static_cast<std::uint64_t>(value));
  u64(static_cast<std::uint64_t>(value >> 64));
}

Digest Sha256::finish() {
  flush();
  Digest digest{};
  unsigned int size = 0;
  checked(EVP_DigestFinal_ex(context_, digest.data(), &size));
  return digest;
}

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.bytes(bytes);
  return hash.finish();
}

std::string hex(const Digest& digest) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(2 * digest.size());
  for (const std::uint8_t byte : digest) {
    text.push_back(kDigits[byte >> 4]);
    text.push_back(kDigits[byte & 15]);
  }
  return text;
}

bool is_hex_digest(std::string_view text) {
  constexpr std::size_t kLength = 2 * std::tuple_size_v<Digest>;
  const auto is_digit = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); };
  return text.size() == kLength && std::ranges::all_of(text, is_digit);
}

}  // namespace warpshard::store
