#pragma once

#include <simdjson.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "host/io/json_reader.h"

namespace warpshard::io {

/// Receives the lists of an array of lists of integers, in order.
class ListSink {
 public:
  virtual ~ListSink() = default;

  /// Asked about each list's text, brackets included, before it is parsed. After true the list
  /// comes through repeat() instead of list().
  virtual bool knows(std::string_view /*text*/) { return false; }
  /// The list last asked about comes next.
  virtual void repeat() {}
  /// A list's numbers; `where` names the list and is only called for messages.
  virtual void list(std::int64_t index, std::span<const std::int64_t> values) = 0;
  /// Memory that the lists so far take, about.
  virtual std::size_t bytes() const = 0;
};

/// Memory that an instance may take, and what its arrays read so far do, in bytes.
struct MemoryBudget {
  std::size_t most = SIZE_MAX;
  std::size_t taken = 0;
};

/// Reads "[[1, 2], [3], ...]". Whole stretches of lists go to simdjson as one document: it indexes
/// a document before it reads it, at up to four bytes per byte, so the stretches are kept short.
class ListReader {
 public:
  /// Fails once the sink's lists take more than is left of the budget.
  ListReader(JsonReader& reader, std::string where, ListSink& sink, const MemoryBudget& budget)
      : reader_(reader), where_(std::move(where)), sink_(sink), budget_(budget) {}

  void read();

 private:
  void read_one();
  void parse_held();
  void parse(char* text, std::size_t size);
  [[noreturn]] void fail_in(std::string_view text);
  [[noreturn]] void refuse() const;

  JsonReader& reader_;
  std::string where_;
  ListSink& sink_;
  MemoryBudget budget_;
  simdjson::ondemand::parser parser_;
  std::vector<std::int64_t> values_;
  std::int64_t index_ = 0;  ///< of the next list to hand over
  std::size_t held_ = 0;    ///< bytes of lists read and not parsed
};

}  // namespace warpshard::io
