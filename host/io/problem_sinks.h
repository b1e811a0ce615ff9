#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "host/io/list_reader.h"
#include "host/io/table_interner.h"
#include "warpshard/problem.h"

namespace warpshard::io {

/// nodes.intervals
class IntervalSink : public ListSink {
 public:
  IntervalSink(std::string where, std::vector<Interval>& intervals)
      : where_(std::move(where)), intervals_(intervals) {}
  void list(std::int64_t index, std::span<const std::int64_t> values) override;
  std::size_t bytes() const override;

 private:
  std::string where_;
  std::vector<Interval>& intervals_;
};

/// nodes.costs, nodes.usages
class ValueSink : public ListSink {
 public:
  ValueSink(std::vector<std::int64_t>& values, std::vector<std::int64_t>& offsets)
      : values_(values), offsets_(offsets) {}
  void list(std::int64_t index, std::span<const std::int64_t> values) override;
  std::size_t bytes() const override;

 private:
  std::vector<std::int64_t>& values_;
  std::vector<std::int64_t>& offsets_;
};

/// edges.nodes
class EdgeNodeSink : public ListSink {
 public:
  EdgeNodeSink(std::string where, Problem& problem) : where_(std::move(where)), problem_(problem) {}
  void list(std::int64_t index, std::span<const std::int64_t> values) override;
  std::size_t bytes() const override;

 private:
  std::string where_;
  Problem& problem_;
};

/// edges.costs. Most tables of an instance are letter for letter copies of earlier ones; those are
/// recognised by their text and never parsed.
class TableSink : public ListSink {
 public:
  /// At most `most_text` bytes of texts are remembered.
  TableSink(Problem& problem, std::size_t most_text)
      : problem_(problem), store_(problem), most_text_(most_text) {}
  bool knows(std::string_view text) override;
  void repeat() override;
  void list(std::int64_t index, std::span<const std::int64_t> values) override;
  std::size_t bytes() const override;

 private:
  struct Text {
    std::unique_ptr<char[]> bytes;
    std::size_t size = 0;
    std::int32_t table = -1;     ///< -1 until its list was parsed
    std::int32_t previous = -1;  ///< the text before it with the same hash; -1: none
  };

  std::int32_t remember(std::string_view text, std::uint64_t hash);

  Problem& problem_;
  TableInterner store_;
  std::size_t most_text_;
  std::vector<Text> texts_;
  std::unordered_map<std::uint64_t, std::int32_t> latest_text_;  ///< by hash
  std::deque<std::int32_t> awaited_;  ///< of the lists on their way to list(); -1: not remembered
  std::int32_t known_ = -1;           ///< what the last knows() found
  std::size_t remembered_ = 0;        ///< bytes in texts_
  std::size_t repeated_ = 0;          ///< bytes that texts_ has spared us to parse
};

}  // namespace warpshard::io
