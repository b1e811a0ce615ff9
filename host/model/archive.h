#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <utility>
#include <vector>

namespace warpshard {

/// What is read from an archive is not what was written to one.
class ArchiveError : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

/// Writes the state of objects to bytes, or reads it back: a class lists what determines it in one
/// function, `void transfer(Archive&)`, for both directions. Bytes are those of this machine; they
/// are no exchange format.
///
/// Knows numbers and other plain values, strings, pairs, arrays, vectors, deques, optional values
/// and whatever has a transfer(). Reading throws ArchiveError where the bytes end too early; what
/// an object demands of its values is for itself to check.
class Archive {
 public:
  /// To write.
  Archive() = default;
  /// To read; `bytes` must outlive the archive.
  explicit Archive(std::span<const std::byte> bytes) : source_(bytes), reading_(true) {}

  bool reading() const { return reading_; }
  bool at_end() const { return source_.empty(); }
  /// What has not been read yet.
  std::span<const std::byte> rest() const { return source_; }

  /// What has been written.
  const std::vector<std::byte>& bytes() const { return bytes_; }
  std::vector<std::byte> take() { return std::move(bytes_); }
  /// Replaces the first bytes that have been written.
  void begin_with(const Archive& other) { std::ranges::copy(other.bytes_, bytes_.begin()); }

  template <typename... Values>
  void operator()(Values&... values) {
    (value(values), ...);
  }

  /// What several objects share is written once: `transfer(object)` is called for the first only,
  /// with an empty pointer to be filled when reading.
  template <typename T, typename Transfer>
  void shared(std::shared_ptr<T>& pointer, const Transfer& transfer) {
    std::uint64_t number = 0;
    if (!reading_ && pointer != nullptr) number = number_of(pointer.get());
    value(number);
    if (number == 0) {
      pointer.reset();
    } else if (number <= shared_.size()) {
      if (reading_)
        pointer = std::static_pointer_cast<T>(
            std::const_pointer_cast<void>(shared_[static_cast<std::size_t>(number) - 1]));
    } else {
      const std::size_t place = shared_.size();  // before those of what it refers to itself
      shared_.emplace_back();
      transfer(pointer);
      shared_[place] = pointer;
    }
  }

 private:
  template <typename T>
  void value(T& value) {
    if constexpr (requires { value.transfer(*this); }) {
      value.transfer(*this);
    } else {
      static_assert(std::is_trivially_copyable_v<T> && !std::is_pointer_v<T>);
      raw(&value, sizeof(value));
    }
  }
  template <typename A, typename B>
  void value(std::pair<A, B>& pair) {
    value(pair.first);
    value(pair.second);
  }
  void value(std::string& text) { list(text); }
  void value(std::vector<bool>& marks) {
    std::uint64_t size = count(marks.size());
    if (reading_) marks.assign(static_cast<std::size_t>(checked(size, 1)), false);
    for (auto mark : marks) {
      bool is_set = mark;
      value(is_set);
      mark = is_set;
    }
  }
  template <typename T>
  void value(std::vector<T>& values) {
    list(values);
  }
  template <typename T>
  void value(std::deque<T>& values) {
    list(values);
  }
  template <typename T, std::size_t N>
  void value(std::array<T, N>& values) {
    for (T& one : values) value(one);
  }
  template <typename T>
  void value(std::optional<T>& optional) {
    bool there = optional.has_value();
    value(there);
    if (reading_) optional = there ? std::optional<T>(T{}) : std::nullopt;
    if (there) value(*optional);
  }

  template <typename List>
  void list(List& values) {
    using T = typename List::value_type;
    constexpr bool is_plain = std::is_trivially_copyable_v<T> && !requires(T & one) {
      one.transfer(*this);
    };
    const std::uint64_t size = count(values.size());
    if (reading_) {
      values.clear();
      values.resize(static_cast<std::size_t>(checked(size, is_plain ? sizeof(T) : 1)));
    }
    if constexpr (is_plain && requires { values.data(); }) {
      raw(values.data(), values.size() * sizeof(T));
    } else {
      for (T& one : values) value(one);
    }
  }

  std::uint64_t count(std::size_t size) {
    std::uint64_t number = size;
    value(number);
    return number;
  }
  /// A number of things of at least so many bytes that are still to be read.
  std::uint64_t checked(std::uint64_t number, std::size_t bytes_each) const;
  void raw(void* data, std::size_t size);
  /// Of a shared object; one more than there are for a new one.
  std::uint64_t number_of(const void* object);

  std::vector<std::byte> bytes_;       ///< written so far
  std::span<const std::byte> source_;  ///< what is left to read
  bool reading_ = false;
  std::vector<std::shared_ptr<const void>> shared_;
  std::unordered_map<const void*, std::uint64_t> numbers_;  ///< of shared objects, when writing
};

}  // namespace warpshard
