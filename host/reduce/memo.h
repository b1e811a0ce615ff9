#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "host/model/list_hash.h"

namespace warpshard::reduce {

/// Remembers the result of an operation on up to three ids: a hash map with open addressing.
/// A plain std::unordered_map costs four times as much here, and this sits on the hot path.
class Memo {
 public:
  /// The remembered result, or nullptr.
  const std::int32_t* find(std::int32_t a, std::int32_t b, std::int32_t c) const {
    if (slots_.empty()) return nullptr;
    for (std::size_t i = start(a, b, c);; i = (i + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[i];
      if (!slot.used) return nullptr;
      if (slot.a == a && slot.b == b && slot.c == c) return &slot.result;
    }
  }

  /// Remembers a result for ids not remembered yet.
  void insert(std::int32_t a, std::int32_t b, std::int32_t c, std::int32_t result) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    place({a, b, c, result, true});
    ++size_;
  }

  void clear() {
    slots_.clear();
    size_ = 0;
  }

 private:
  struct Slot {
    std::int32_t a = 0;
    std::int32_t b = 0;
    std::int32_t c = 0;
    std::int32_t result = 0;
    bool used = false;
  };

  std::size_t start(std::int32_t a, std::int32_t b, std::int32_t c) const {
    const auto low = static_cast<std::uint64_t>(static_cast<std::uint32_t>(a));
    const auto middle = static_cast<std::uint64_t>(static_cast<std::uint32_t>(b));
    const auto high = static_cast<std::uint64_t>(static_cast<std::uint32_t>(c));
    return mix((low << 32U | middle) + high * 0x9e3779b97f4a7c15ULL) & (slots_.size() - 1);
  }

  void place(const Slot& slot) {
    std::size_t i = start(slot.a, slot.b, slot.c);
    while (slots_[i].used) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.used) place(slot);
  }

  std::vector<Slot> slots_;  ///< a power of two of them, at most half used
  std::size_t size_ = 0;
};

/// Finds ids by the hash of what they stand for: the index of a store that keeps equal things once.
class IdIndex {
 public:
  /// The id with this hash for which `same(id)` holds, or -1.
  template <typename Same>
  std::int32_t find(std::uint64_t hash, const Same& same) const {
    if (slots_.empty()) return -1;
    for (std::size_t i = hash & (slots_.size() - 1);; i = (i + 1) & (slots_.size() - 1)) {
      const Slot& slot = slots_[i];
      if (slot.id < 0) return -1;
      if (slot.hash == hash && same(slot.id)) return slot.id;
    }
  }

  void insert(std::uint64_t hash, std::int32_t id) {
    if (2 * (size_ + 1) > slots_.size()) grow();
    place({hash, id});
    ++size_;
  }

  void clear() {
    slots_.clear();
    size_ = 0;
  }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::int32_t id = -1;
  };

  void place(const Slot& slot) {
    std::size_t i = slot.hash & (slots_.size() - 1);
    while (slots_[i].id >= 0) i = (i + 1) & (slots_.size() - 1);
    slots_[i] = slot;
  }

  void grow() {
    std::vector<Slot> old(slots_.empty() ? 64 : 2 * slots_.size());
    old.swap(slots_);
    for (const Slot& slot : old)
      if (slot.id >= 0) place(slot);
  }

  std::vector<Slot> slots_;
  std::size_t size_ = 0;
};

}  // namespace warpshard::reduce
