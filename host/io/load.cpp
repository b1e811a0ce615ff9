#include "warpshard/load.h"

#include <unistd.h>

#include <algorithm>
#include <initializer_list>
#include <new>
#include <string_view>
#include <utility>
#include <vector>

#include "host/io/byte_source.h"
#include "host/io/failure.h"
#include "host/io/json_reader.h"
#include "host/io/list_reader.h"
#include "host/io/problem_sinks.h"
#include "host/io/standard_input.h"
#include "host/model/stop_token.h"
#include "warpshard/validate.h"

namespace warpshard {
namespace {

using io::fail;

std::size_t memory_of_machine() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page = sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page <= 0) return SIZE_MAX;
  return static_cast<std::size_t>(pages) * static_cast<std::size_t>(page);
}

/// Part of the memory that the texts of tables may take, to recognise copies by.
constexpr std::size_t kShareOfTexts = 4;

/// Which of an object's known members have been read.
class Members {
 public:
  explicit Members(std::string where) : where_(std::move(where)) {}

  /// Path of a member; fails if it was there before.
  std::string claim(const std::string& key) {
    if (has(key)) fail(path(key), "appears twice");
    seen_.push_back(key);
    return path(key);
  }
  void require(std::initializer_list<const char*> keys) const {
    for (const char* key : keys)
      if (!has(key)) fail(path(key), "missing");
  }

 private:
  bool has(const std::string& key) const { return std::ranges::find(seen_, key) != seen_.end(); }
  std::string path(const std::string& key) const {
    return where_.empty() ? key : where_ + "." + key;
  }

  std::string where_;
  std::vector<std::string> seen_;
};

/// Follows the layout of an instance file; everything that is not part of it is skipped.
class ProblemLoader {
 public:
  ProblemLoader(io::ByteSource source, std::size_t most_bytes)
      : reader_(std::move(source), most_bytes), budget_{most_bytes} {}

  Problem load() {
    Members members("");
    reader_.read_object("", [&](const std::string& key) {
      if (key == "problem")
        read_problem(members.claim(key));
      else
        reader_.skip_value("");
    });
    reader_.expect_end();
    members.require({"problem"});
    check_counts();
    if (auto error = validate(problem_)) throw io::Failure{error->message};
    return std::move(problem_);
  }

 private:
  void read_problem(const std::string& where) {
    Members members(where);
    reader_.read_object(where, [&](const std::string& key) {
      if (key == "name")
        problem_.name = reader_.read_string(members.claim(key));
      else if (key == "nodes")
        read_nodes(members.claim(key));
      else if (key == "edges")
        read_edges(members.claim(key));
      else if (key == "usage_limit")
        read_limit(members.claim(key));
      else
        reader_.skip_value(where);
    });
    members.require({"nodes", "edges"});
  }

  void read_limit(const std::string& where) {
    if (!reader_.read_null()) problem_.usage_limit = reader_.read_integer(where);
  }

  void read_nodes(const std::string& where) {
    Members members(where);
    reader_.read_object(where, [&](const std::string& key) {
      if (key == "intervals") {
        const std::string array = members.claim(key);
        read_lists(array, io::IntervalSink(array, problem_.intervals));
      } else if (key == "costs") {
        read_lists(members.claim(key), io::ValueSink(problem_.costs, problem_.strategy_offsets));
      } else if (key == "usages") {
        read_lists(members.claim(key), io::ValueSink(problem_.usages, usage_offsets_));
      } else {
        reader_.skip_value(where);
      }
    });
    members.require({"intervals", "costs", "usages"});
  }

  void read_edges(const std::string& where) {
    Members members(where);
    reader_.read_object(where, [&](const std::string& key) {
      if (key == "nodes") {
        const std::string array = members.claim(key);
        read_lists(array, io::EdgeNodeSink(array, problem_));
      } else if (key == "costs") {
        read_lists(members.claim(key), io::TableSink(problem_, budget_.most / kShareOfTexts));
      } else {
        reader_.skip_value(where);
      }
    });
    members.require({"nodes", "costs"});
  }

  template <typename Sink>
  void read_lists(const std::string& where, Sink sink) {
    io::ListReader(reader_, where, sink, budget_).read();
    budget_.taken += sink.bytes();
  }

  void check_counts() const {
    const std::size_t nodes = problem_.strategy_offsets.size() - 1;
    if (nodes == 0) fail("problem.nodes.costs", "0 entries, expected at least 1");
    check_count("problem.nodes.intervals", problem_.intervals.size(), nodes);
    check_count("problem.nodes.usages", usage_offsets_.size() - 1, nodes);
    for (std::size_t node = 0; node < nodes; ++node)
      check_count(
          io::at("problem.nodes.usages", static_cast<std::int64_t>(node)),
          static_cast<std::size_t>(usage_offsets_[node + 1] - usage_offsets_[node]),
          static_cast<std::size_t>(problem_.num_strategies(static_cast<std::int32_t>(node))));
    check_count("problem.edges.nodes", problem_.edge_offsets.size() - 1,
                problem_.edge_tables.size());
  }

  static void check_count(const std::string& where, std::size_t count, std::size_t expected) {
    if (count != expected)
      fail(where, std::to_string(count) + (count == 1 ? " entry" : " entries") + ", expected " +
                      std::to_string(expected));
  }

  io::JsonReader reader_;
  io::MemoryBudget budget_;
  Problem problem_;
  std::vector<std::int64_t> usage_offsets_{0};
};

StopToken token_of(const LoadOptions& options) {
  return options.stop != nullptr ? StopToken(*options.stop, options.deadline)
                                 : StopToken(options.deadline);
}

/// Loads what `open(token)` gives; `name` begins the messages.
template <typename Open>
Result<Problem> load(const std::string& name, const LoadOptions& options, const Open& open) {
  const std::string begin = name.empty() ? name : name + ": ";
  try {
    const std::size_t most = options.memory_limit > 0
                                 ? static_cast<std::size_t>(options.memory_limit)
                                 : memory_of_machine();
    const StopToken stop = token_of(options);
    return ProblemLoader(io::ByteSource(open(stop), stop), most).load();
  } catch (const io::Failure& failure) {
    return Error{begin + failure.message};
  } catch (const std::bad_alloc&) {
    return Error{begin + "out of memory"};
  }
}

}  // namespace

Result<Problem> load_problem(const std::string& path, const LoadOptions& options) {
  return load(path, options, [&](const StopToken& stop) { return io::open_file(path, stop); });
}

Result<Problem> load_problem(std::istream& stream, const LoadOptions& options) {
  return load("", options, [&](const StopToken&) { return io::open_stream(stream); });
}

Result<Problem> load_problem(std::span<const char> bytes, const LoadOptions& options) {
  return load("", options, [&](const StopToken&) { return io::open_memory(bytes); });
}

Result<Problem> io::load_problem_from_standard_input(const LoadOptions& options) {
  return load(io::kStandardInput, options,
              [&](const StopToken& stop) { return io::open_descriptor(STDIN_FILENO, stop); });
}

}  // namespace warpshard
