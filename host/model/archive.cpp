#include "host/model/archive.h"

namespace warpshard {

std::uint64_t Archive::checked(std::uint64_t number, std::size_t bytes_each) const {
  if (number > source_.size() / bytes_each) throw ArchiveError("more is announced than is there");
  return number;
}

void Archive::raw(void* data, std::size_t size) {
  if (!reading_) {
    const auto* const begin = static_cast<const std::byte*>(data);
    bytes_.insert(bytes_.end(), begin, begin + size);
    return;
  }
  if (size > source_.size()) throw ArchiveError("it ends too early");
  if (size > 0) std::memcpy(data, source_.data(), size);
  source_ = source_.subspan(size);
}

std::uint64_t Archive::number_of(const void* object) {
  return numbers_.try_emplace(object, numbers_.size() + 1).first->second;
}

}  // namespace warpshard
