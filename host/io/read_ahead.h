#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace warpshard::io {

/// Reads on a thread of its own, a few blocks ahead of whoever uses what was read. Where no thread
/// can be had, nothing is read before it is wanted.
class ReadAhead {
 public:
  /// As RawSource::read; what it throws comes out of read(). Called by one thread at a time.
  using Read = std::function<std::size_t(char* destination, std::size_t capacity)>;

  explicit ReadAhead(Read read);
  /// Waits for the read at hand.
  ~ReadAhead();
  ReadAhead(const ReadAhead&) = delete;
  ReadAhead& operator=(const ReadAhead&) = delete;

  /// Up to `capacity` bytes into `destination`; 0 only at the end.
  std::size_t read(char* destination, std::size_t capacity);

 private:
  struct Block {
    std::vector<char> bytes;
    std::size_t size = 0;
  };

  void fill_blocks();

  Read read_;
  std::mutex mutex_;  ///< guards what follows
  std::condition_variable changed_;
  std::array<Block, 4> blocks_;
  std::size_t filled_ = 0;  ///< blocks so far; block k is blocks_[k % size]
  std::size_t used_ = 0;
  bool ended_ = false;  ///< nothing comes after the filled ones
  bool unwanted_ = false;
  std::exception_ptr thrown_;
  std::size_t taken_ = 0;  ///< bytes of the block at hand; the user's alone
  std::thread thread_;
};

}  // namespace warpshard::io
